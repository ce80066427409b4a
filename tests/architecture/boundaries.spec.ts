import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { describe, expect, it } from 'vitest';
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

/** The names of the rules that a tree of these files breaks, each once. */
const brokenBy = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const tree = plantTree({
    'package.json': '{ "dependencies": { "tsyringe": "1", "reflect-metadata": "1", "pg": "1" } }',
    'tsconfig.json': '{ "compilerOptions": { "allowImportingTsExtensions": true } }',
    ...npmPackage('tsyringe'),
    ...npmPackage('reflect-metadata'),
    ...npmPackage('pg'),
    ...files,
  });
  try {
    const { summary } = await cruiseTree(['src'], tree.root);
    expect(summary.totalCruised).toBeGreaterThanOrEqual(Object.keys(files).length);
    return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
  } finally {
    tree.remove();
  }
};

const leaf = 'export const leaf = 1;';
const from = (specifier: string) => `import * as planted from '${specifier}';\nexport { planted };`;

const planted: [what: string, rules: string[], files: Record<string, string>][] = [
  [
    'two modules that import each other',
    ['no-cycles'],
    { 'src/one.ts': from('./two.ts'), 'src/two.ts': from('./one.ts') },
  ],
  [
    'modules in a circle of types alone',
    ['no-cycles'],
    {
      'src/one.ts': "import type { Two } from './two.ts';\nexport type One = Two;",
      'src/two.ts': "import type { One } from './one.ts';\nexport type Two = One | 2;",
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
      'src/domain/user/user-decider.ts': "import type { C } from '../../application/clock.ts';",
      'src/application/clock.ts': 'export type C = 1;',
    },
  ],
  [
    'an adapter in the application',
    ['application-knows-no-technology'],
    {
      'src/application/sign-in.ts': from('../adapters/hashing/argon2.ts'),
      'src/adapters/hashing/argon2.ts': leaf,
    },
  ],
  [
    'a package in the application',
    ['application-knows-no-technology'],
    { 'src/application/sign-in.ts': from('pg') },
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
    'tsyringe in a chapter of the composition',
    ['only-the-composition-root-knows-tsyringe'],
    { 'src/composition/provide-http.ts': from('tsyringe') },
  ],
  [
    'a chapter of the composition in an adapter',
    ['nobody-below-imports-the-composition-root'],
    {
      'src/adapters/cli/serve.ts': from('../../composition/provide-http.ts'),
      'src/composition/provide-http.ts': leaf,
    },
  ],
  [
    'the composition root in an adapter, loaded late',
    ['nobody-below-imports-the-composition-root'],
    {
      'src/adapters/cli/serve.ts':
        "export const root = () => import('../../composition/composition-root.ts');",
      'src/composition/composition-root.ts': leaf,
    },
  ],
  [
    'the configuration in the application',
    ['application-knows-no-technology', 'nobody-below-imports-the-composition-root'],
    {
      'src/application/sign-in.ts': from('../configuration/config.ts'),
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
    const { summary, modules } = await cruiseTree(['src', 'migrations']);
    expect(summary.violations).toStrictEqual([]);
    expect(summary.ruleSetUsed?.forbidden).toHaveLength(9);
    const read = (folder: string) =>
      modules.filter(({ source }) => source.startsWith(folder)).length;
    expect(read('src/domain/')).toBeGreaterThanOrEqual(20);
    expect(read('src/application/')).toBeGreaterThanOrEqual(45);
    expect(read('src/adapters/')).toBeGreaterThanOrEqual(75);
    expect(read('migrations/')).toBeGreaterThanOrEqual(3);
    expect(modules.filter(({ couldNotResolve }) => couldNotResolve)).toStrictEqual([]);
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
        'src/application/sign-in.ts': from('../domain/user/user-decider.ts'),
        'src/adapters/http/route.ts': from('../../application/sign-in.ts'),
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

  it('was tried for every rule', () => {
    const tried = new Set(planted.flatMap(([, rules]) => rules));
    expect(options.ruleSet?.forbidden?.map(({ name }) => name).sort()).toStrictEqual(
      [...tried].sort(),
    );
  });
});
