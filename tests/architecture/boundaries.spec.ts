import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { describe, expect, it } from 'vitest';
import { folderGraphOf, foldersInCycles } from './folder-cycles.ts';
import { plantTree } from './planted-tree.ts';

const options = await extractOptions('./.dependency-cruiser.cjs');

const cruiseTree = async (folders: string[], baseDir = process.cwd()): Promise<ICruiseResult> => {
  const { output } = await cruise(folders, { ...options, baseDir });
  if (typeof output === 'string') throw new TypeError('a cruise without a reporter yields data');
  return output;
};

const npmPackage = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'module.exports = {};',
});

const FOLDERS = ['src', 'migrations', 'bench', 'scripts'];

const cruisePlanted = async (files: Readonly<Record<string, string>>): Promise<ICruiseResult> => {
  const tree = plantTree({
    'package.json': '{ "dependencies": { "tsyringe": "1", "reflect-metadata": "1", "pg": "1" } }',
    'tsconfig.json': '{ "compilerOptions": { "allowImportingTsExtensions": true } }',
    ...npmPackage('tsyringe'),
    ...npmPackage('reflect-metadata'),
    ...npmPackage('pg'),
    ...files,
  });
  try {
    const planted = new Set(Object.keys(files).map((file) => file.split('/')[0]));
    const result = await cruiseTree(
      FOLDERS.filter((folder) => planted.has(folder)),
      tree.root,
    );
    expect(result.summary.totalCruised).toBeGreaterThanOrEqual(Object.keys(files).length);
    return result;
  } finally {
    tree.remove();
  }
};

/** The names of the rules that a tree of these files breaks, each once. */
const brokenBy = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const { summary } = await cruisePlanted(files);
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
};

/** A module without such an export holds types only. */
const HAS_VALUES = /^export (async|class|const|function) /m;

const leaf = 'export const leaf = 1;';
const from = (specifier: string) => `import * as planted from '${specifier}';\nexport { planted };`;

/** Each room of the application with one that it does not name: on a higher floor, or on its own. */
const UNNAMED: readonly [room: string, imported: string][] = [
  ['kernel', 'identity'],
  ['projections', 'identity'],
  ['identity', 'sessions'],
  ['household-data', 'sessions'],
  ['sessions', 'credentials'],
  ['credentials', 'accounts'],
  ['accounts', 'administration'],
  ['administration', 'accounts'],
  ['households', 'administration'],
  ['importing', 'households'],
  ['adopting', 'auditing'],
  ['auditing', 'erasure'],
  ['mail', 'auditing'],
  ['erasure', 'event-log'],
  ['event-log', 'erasure'],
];

/** The same inside auditing. */
const UNNAMED_IN_AUDITING: readonly [room: string, imported: string][] = [
  ['affected-events', 'undo-plan'],
  ['evidence', 'theft'],
  ['history', 'explanation'],
  ['explanation', 'evidence'],
  ['undo-plan', 'theft'],
  ['theft', 'undo'],
  ['undo', 'history'],
];

const plantedRooms = (
  folder: string,
  rooms: readonly [room: string, imported: string][],
): [what: string, rules: string[], files: Record<string, string>][] =>
  rooms.map(([room, imported]) => [
    `the room ${imported} in the room ${room} of ${folder}`,
    [`${folder.replaceAll('/', '-')}-${room}-imports-what-it-names`],
    {
      [`src/${folder}/${room}/one.ts`]: from(`../${imported}/two.ts`),
      [`src/${folder}/${imported}/two.ts`]: leaf,
    },
  ]);

const planted: [what: string, rules: string[], files: Record<string, string>][] = [
  [
    'two modules that import each other',
    ['no-cycles'],
    { 'src/server/one.ts': from('./two.ts'), 'src/server/two.ts': from('./one.ts') },
  ],
  [
    'modules in a circle of types alone',
    ['no-cycles'],
    {
      'src/server/one.ts': "import type { Two } from './two.ts';\nexport type One = Two;",
      'src/server/two.ts': "import type { One } from './one.ts';\nexport type Two = One | 2;",
    },
  ],
  [
    'a package in the domain',
    ['domain-is-pure'],
    { 'src/domain/user/user-decider.ts': from('pg') },
  ],
  [
    'a Node built-in in the domain',
    ['domain-is-pure'],
    { 'src/domain/user/user-decider.ts': from('node:crypto') },
  ],
  [
    'the application in the domain, by its type alone',
    ['domain-is-pure'],
    {
      'src/domain/user/user-decider.ts':
        "import type { C } from '../../application/kernel/clock.ts';",
      'src/application/kernel/clock.ts': 'export type C = 1;',
    },
  ],
  [
    'an adapter in the application',
    ['application-knows-no-technology'],
    {
      'src/application/sessions/sign-in.ts': from('../../adapters/hashing/argon2.ts'),
      'src/adapters/hashing/argon2.ts': leaf,
    },
  ],
  [
    'a package in the application',
    ['application-knows-no-technology'],
    { 'src/application/sessions/sign-in.ts': from('pg') },
  ],
  [
    'one aggregate in another',
    ['aggregates-do-not-import-each-other'],
    {
      'src/domain/user/user-decider.ts': from('../household/household-decider.ts'),
      'src/domain/household/household-decider.ts': leaf,
    },
  ],
  [
    'one adapter in another',
    ['adapters-do-not-import-each-other'],
    {
      'src/adapters/postgres/connection/connection.ts': from('../../http/route.ts'),
      'src/adapters/http/route.ts': leaf,
    },
  ],
  [
    'a room of the application that is on no floor',
    ['application-consists-of-rooms'],
    {
      'src/application/billing/charge.ts': from('../kernel/clock.ts'),
      'src/application/kernel/clock.ts': leaf,
    },
  ],
  [
    'a module of the application that is in no room',
    ['application-consists-of-rooms'],
    {
      'src/application/charge.ts': from('./kernel/clock.ts'),
      'src/application/kernel/clock.ts': leaf,
    },
  ],
  [
    'a room of the application that is on no floor, in one that is',
    ['application-erasure-imports-what-it-names'],
    {
      'src/application/erasure/erase-user.ts': from('../billing/charge.ts'),
      'src/application/billing/charge.ts': leaf,
    },
  ],
  ...plantedRooms('application', UNNAMED),
  ...plantedRooms('application/auditing', UNNAMED_IN_AUDITING),
  [
    'invitations in the households around them',
    ['rooms-do-not-import-their-inner-rooms'],
    {
      'src/application/households/create.ts': from('./invitations/invite.ts'),
      'src/application/households/invitations/invite.ts': leaf,
    },
  ],
  [
    'two folders that import each other, though no two modules do',
    ['no-cycles-between-folders'],
    {
      'bench/servers/one.ts': from('../support/two.ts'),
      'bench/support/two.ts': leaf,
      'bench/support/three.ts': from('../servers/four.ts'),
      'bench/servers/four.ts': leaf,
    },
  ],
  [
    'one adapter in another that shares its connection',
    ['adapters-do-not-import-each-other'],
    {
      'src/adapters/projections/rebuild.ts': from('../postgres/identity/principal-row.ts'),
      'src/adapters/postgres/identity/principal-row.ts': leaf,
    },
  ],
  [
    'an adapter in a port that adapters share',
    ['adapters-do-not-import-each-other'],
    {
      'src/adapters/ports/key-ring.ts': from('../system/master-key.ts'),
      'src/adapters/system/master-key.ts': leaf,
    },
  ],
  [
    'an adapter that the event store does not name',
    ['adapters-event-store-imports-what-it-names'],
    {
      'src/adapters/event-store/append.ts': from('../postgres/identity/users.ts'),
      'src/adapters/postgres/identity/users.ts': leaf,
    },
  ],
  [
    'the server in the composition',
    ['composition-does-not-import-the-server'],
    {
      'src/composition/provide-http.ts': from('../server/open-system.ts'),
      'src/server/open-system.ts': leaf,
    },
  ],
  [
    'an entry point in the benchmarks',
    ['entry-points-are-not-imported'],
    { 'bench/run.ts': from('../src/main.ts'), 'src/main.ts': leaf },
  ],
  [
    'the source in a migration',
    ['migrations-import-no-source'],
    {
      'migrations/0001_users.ts': from('../src/domain/user/user-state.ts'),
      'src/domain/user/user-state.ts': leaf,
    },
  ],
  [
    'the benchmarks in the source',
    ['source-imports-no-tools'],
    { 'src/main.ts': from('../bench/clock.ts'), 'bench/clock.ts': leaf },
  ],
  [
    'a barrel in the benchmarks',
    ['no-barrels'],
    { 'bench/run.ts': from('./support/index.ts'), 'bench/support/index.ts': leaf },
  ],
  [
    'tsyringe anywhere but in the composition root',
    ['only-the-composition-root-knows-tsyringe'],
    { 'src/adapters/http/route.ts': from('tsyringe') },
  ],
  [
    'reflect-metadata anywhere but in the composition root',
    ['only-the-composition-root-knows-tsyringe'],
    { 'src/main.ts': "import 'reflect-metadata';" },
  ],
  [
    'tsyringe in a module of the composition',
    ['only-the-composition-root-knows-tsyringe'],
    { 'src/composition/provide-http.ts': from('tsyringe') },
  ],
  [
    'a module of the composition in an adapter',
    ['only-entry-points-import-the-composition-root'],
    {
      'src/adapters/cli/serve.ts': from('../../composition/provide-http.ts'),
      'src/composition/provide-http.ts': leaf,
    },
  ],
  [
    'the composition root in an adapter, loaded late',
    ['only-entry-points-import-the-composition-root'],
    {
      'src/adapters/cli/serve.ts':
        "export const root = () => import('../../composition/composition-root.ts');",
      'src/composition/composition-root.ts': leaf,
    },
  ],
  [
    'the configuration in the application',
    ['application-knows-no-technology', 'only-entry-points-import-the-composition-root'],
    {
      'src/application/sessions/sign-in.ts': from('../../configuration/config.ts'),
      'src/configuration/config.ts': leaf,
    },
  ],
  [
    'a barrel',
    ['no-barrels'],
    { 'src/main.ts': from('./adapters/index.ts'), 'src/adapters/index.ts': leaf },
  ],
  ['a module without any tie', ['no-orphans'], { 'src/adapters/http/forgotten.ts': leaf }],
];

describe('the source tree', () => {
  it('keeps every boundary, and was read', async () => {
    const { summary, modules } = await cruiseTree(FOLDERS);
    expect(summary.violations).toStrictEqual([]);
    expect(summary.ruleSetUsed?.forbidden).toHaveLength(39);
    const read = (folder: string) =>
      modules.filter(({ source }) => source.startsWith(folder)).length;
    expect(read('src/domain/')).toBeGreaterThanOrEqual(20);
    expect(read('src/application/')).toBeGreaterThanOrEqual(45);
    expect(read('src/adapters/')).toBeGreaterThanOrEqual(75);
    expect(read('migrations/')).toBeGreaterThanOrEqual(3);
    expect(read('bench/')).toBeGreaterThanOrEqual(40);
    expect(read('scripts/')).toBeGreaterThanOrEqual(2);
    expect(modules.filter(({ couldNotResolve }) => couldNotResolve)).toStrictEqual([]);
  });

  it('has no folders that import each other, one inside the other or not', async () => {
    const graph = folderGraphOf((await cruiseTree(FOLDERS)).modules);
    expect(graph.size).toBeGreaterThanOrEqual(100);
    expect(foldersInCycles(graph)).toStrictEqual([]);
  });

  it('keeps ports that adapters alone share with the adapters, but for those of the rooms', async () => {
    const { modules } = await cruiseTree(['src']);
    const ports = modules.filter(
      ({ source, dependents }) =>
        source.startsWith('src/application/') &&
        !dependents.some((each) => each.startsWith('src/application/')) &&
        !HAS_VALUES.test(readFileSync(source, 'utf8')),
    );
    expect(ports.map(({ source }) => source).sort()).toStrictEqual([
      // The use cases that one command of the command line needs.
      'src/application/auditing/evidence/log-evidence.ts',
      // The lease and the rebuild are subjects of their rooms, though no use case calls these ports.
      'src/application/event-log/log-lease.ts',
      'src/application/projections/projection-rebuilder.ts',
      'src/application/projections/rebuild-source.ts',
    ]);
  });

  it('holds no module that nothing imports, but for the one that is run', async () => {
    const { modules } = await cruiseTree(['src']);
    const unused = modules.filter(
      ({ source, dependents }) => source.startsWith('src/') && dependents.length === 0,
    );
    expect(unused.map(({ source }) => source).sort()).toStrictEqual(['src/cli.ts']);
  });
});

describe('a planted violation', () => {
  it('is not seen in a tree without one', async () => {
    expect(
      await brokenBy({
        'src/domain/user/user-decider.ts': from('../decider.ts'),
        'src/domain/decider.ts': leaf,
        'src/application/sessions/sign-in.ts': from('../../domain/user/user-decider.ts'),
        'src/adapters/http/route.ts': from('../../application/sessions/sign-in.ts'),
        'src/adapters/projections/rebuild.ts': from('../postgres/connection/connection.ts'),
        'src/adapters/postgres/connection/connection.ts': from('pg'),
        'src/composition/composition-root.ts': `${from('../adapters/http/route.ts')}\nimport 'tsyringe';`,
        'src/main.ts': from('./composition/composition-root.ts'),
      }),
    ).toStrictEqual([]);
  });

  it.each(planted)('is %s', async (_, rules, files) => {
    expect(await brokenBy(files)).toStrictEqual(rules);
  });

  it('is a folder and one inside it that import each other', async () => {
    const files = {
      'src/server/serve.ts': from('./health/ready.ts'),
      'src/server/health/ready.ts': leaf,
      'src/server/health/live.ts': from('../uptime.ts'),
      'src/server/uptime.ts': leaf,
    };
    expect(await brokenBy(files)).toStrictEqual([]);
    const { modules } = await cruisePlanted(files);
    expect(foldersInCycles(folderGraphOf(modules))).toStrictEqual([
      'src/server',
      'src/server/health',
    ]);
  });

  it('is a room that names one of no lower floor, and then no rule is loaded', () => {
    const rules = readFileSync('.dependency-cruiser.cjs', 'utf8');
    const load = (text: string) => runInNewContext(text, { module: {} });
    expect(() => load(rules)).not.toThrow();
    const misplaced = rules.replace("sessions: ['kernel',", "sessions: ['mail',");
    expect(() => load(misplaced)).toThrow('sessions names rooms of no lower floor: mail');
  });

  it('was tried for every rule', () => {
    const tried = new Set(planted.flatMap(([, rules]) => rules));
    expect(options.ruleSet?.forbidden?.map(({ name }) => name).sort()).toStrictEqual(
      [...tried].sort(),
    );
  });
});
