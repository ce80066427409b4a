import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { filesIn, nodesOf, parse, placeOf, sourceFilesIn } from './syntax-tree.ts';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*\.ts$/;
const NUMBERED = /^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.ts$/;
const MAX_LINES = 300;

const MAX_FILES = 25;

const isTooLong = ({ text }: ts.SourceFile) => text.trimEnd().split('\n').length > MAX_LINES;

const baseNames = (names: readonly string[]) => names.map((name) => path.basename(name));

/** The folders of these files that hold too many of them by themselves. */
const crowded = (names: readonly string[]): readonly string[] => {
  const folders = names.map((name) => path.posix.dirname(name));
  const isCrowded = (folder: string) =>
    folders.filter((each) => each === folder).length > MAX_FILES;
  return [...new Set(folders)].filter(isCrowded).sort();
};

const repeated = (names: readonly string[]): readonly string[] =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].sort();

/** `process.env`, `process['env']`, and whatever comes from `node:process`. */
const readsEnvironment = (node: ts.Node): boolean => {
  if (ts.isPropertyAccessExpression(node)) return node.getText() === 'process.env';
  if (ts.isElementAccessExpression(node)) return /^process\W+env\b/.test(node.getText());
  if (ts.isStringLiteral(node)) return /^(node:)?process$/.test(node.text);
  return (
    ts.isBindingElement(node) &&
    node.getText().startsWith('env') &&
    /= process$/.test(node.parent.parent.getText())
  );
};

const placesOf = (file: ts.SourceFile, is: (node: ts.Node) => boolean, what: string) =>
  [...nodesOf(file)].filter(is).map((node) => placeOf(node, what));

const isAny = ({ kind }: ts.Node) => kind === ts.SyntaxKind.AnyKeyword;

const files = sourceFilesIn('src').map((file) => parse(file));
const names = files.map(({ fileName }) => fileName);

describe('the files of the source', () => {
  it('were read', () => expect(files.length).toBeGreaterThanOrEqual(160));

  it('have names in kebab-case', () =>
    expect(baseNames(names).filter((name) => !KEBAB_CASE.test(name))).toStrictEqual([]));

  it('have each a name of its own', () => expect(repeated(baseNames(names))).toStrictEqual([]));

  it('are entry points where they are in no folder', () =>
    expect(names.filter((name) => path.posix.dirname(name) === 'src')).toStrictEqual([
      'src/cli.ts',
      'src/main.ts',
    ]));

  it.each(['src', 'tests', 'bench', 'migrations', 'scripts'])(
    'are not too many in any folder of %s',
    (folder) => expect(crowded(filesIn(folder))).toStrictEqual([]),
  );

  it('are no barrels', () => expect(baseNames(names)).not.toContain('index.ts'));

  it('are short enough to be read at a sitting', () =>
    expect(files.filter(isTooLong).map(({ fileName }) => fileName)).toStrictEqual([]));

  it('know no "any"', () =>
    expect(files.flatMap((file) => placesOf(file, isAny, 'any'))).toStrictEqual([]));

  it('leave the environment to the configuration', () => {
    const others = files.filter(({ fileName }) => fileName !== 'src/configuration/config.ts');
    expect(others.flatMap((f) => placesOf(f, readsEnvironment, 'environment'))).toStrictEqual([]);
    const config = files.filter((file) => !others.includes(file));
    expect(config.flatMap((f) => placesOf(f, readsEnvironment, ''))).toHaveLength(1);
  });
});

/** An upper bound on the time that passes in reality depends on the machine and on what else it does. */
const ASSERTS_WALL_TIME = /expect\(\s*(performance|Date)\.now\(\) - [^;]*?\)\s*\.toBeLessThan/;

describe('the tests', () => {
  it('assert no upper bound on the time that something takes', () => {
    const specs = sourceFilesIn('tests').filter((file) => !file.endsWith('conventions.spec.ts'));
    const timed = specs.filter((file) => ASSERTS_WALL_TIME.test(readFileSync(file, 'utf8')));
    expect(specs.length).toBeGreaterThanOrEqual(400);
    expect(timed).toStrictEqual([]);
  });
});

describe('the conventions', () => {
  const planted = (text: string) => parse('planted.ts', text);

  it.each(['userDecider.ts', 'User.ts', 'user_decider.ts', '-user.ts', 'user--x.ts'])(
    'do not take %s for kebab-case',
    (name) => expect(name).not.toMatch(KEBAB_CASE),
  );

  it('find a name that is there twice', () =>
    expect(repeated(['a.ts', 'b.ts', 'a.ts', 'a.ts'])).toStrictEqual(['a.ts']));

  it.each([
    ['expect(performance.now() - begun).toBeLessThan(900);', true],
    ['expect(Date.now() - begun)\n  .toBeLessThanOrEqual(900);', true],
    ['expect(performance.now() - begun).toBeGreaterThan(900);', false],
    ['expect(Math.abs(Date.now() - at)).toBeLessThan(60_000);', false],
  ])('find an upper bound on time in %j: %s', (text, isFound) =>
    expect(ASSERTS_WALL_TIME.test(text)).toBe(isFound),
  );

  it('find a folder with too many files', () => {
    const inFolder = (folder: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${folder}/${index}.json`);
    const names = [...inFolder('a', MAX_FILES), ...inFolder('a/b', MAX_FILES)];
    expect(crowded(names)).toStrictEqual([]);
    expect(crowded([...names, 'a/b/one-more.ts'])).toStrictEqual(['a/b']);
  });

  it('find a file that is too long', () => {
    expect(isTooLong(planted('\n;'.repeat(MAX_LINES - 1)))).toBe(false);
    expect(isTooLong(planted('\n;'.repeat(MAX_LINES)))).toBe(true);
  });

  it.each([
    'const x: any = 1;',
    'const x = (y: any[]) => y;',
    'type X = Record<string, any>;',
    'const x = y as any;',
    'const f = <T extends any>(t: T) => t;',
  ])('find "any" in %j', (text) =>
    expect(placesOf(planted(text), isAny, 'any')).toStrictEqual(['planted.ts:1 any']),
  );

  it('do not mind the word', () =>
    expect(placesOf(planted("const any = 'any'; // any"), isAny, 'any')).toStrictEqual([]));

  it.each([
    'const port = process.env.PORT;',
    "const port = process['env'].PORT;",
    'const { env } = process;',
    'const { env: variables } = process;',
    "import { env } from 'node:process';",
    "import process from 'process';",
  ])('find who reads the environment: %s', (text) =>
    expect(placesOf(planted(text), readsEnvironment, 'environment')).toStrictEqual([
      'planted.ts:1 environment',
    ]),
  );

  it.each(['const { pid } = process;', 'const now = process.hrtime();', 'const { env } = system;'])(
    'do not mind the rest of the process: %s',
    (text) => expect(placesOf(planted(text), readsEnvironment, '')).toStrictEqual([]),
  );
});

describe('the migrations', () => {
  const migrations = sourceFilesIn('migrations').filter(
    (file) => path.posix.dirname(file) === 'migrations',
  );

  it('are numbered without a gap', () => {
    expect(migrations.length).toBeGreaterThanOrEqual(3);
    const numbers = baseNames(migrations).map((name) => Number(name.slice(0, 4)));
    expect(baseNames(migrations).filter((name) => !NUMBERED.test(name))).toStrictEqual([]);
    expect(numbers).toStrictEqual(migrations.map((_, index) => index + 1));
  });

  it.each(migrations)('%s goes up and down', async (file) => {
    const migration: Record<string, unknown> = await import(path.resolve(file));
    expect(migration).toMatchObject({ up: expect.any(Function), down: expect.any(Function) });
  });
});
