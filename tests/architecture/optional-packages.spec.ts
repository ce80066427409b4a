import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { nodesOf, parse, placeOf, sourceFilesIn } from './syntax-tree.ts';

const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  optionalDependencies: Readonly<Record<string, string>>;
};
const OPTIONAL = new Set(Object.keys(optionalDependencies));

/** `@scope/name` or `name`, without the path of a module inside it. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** What TypeScript resolves: `from '…'`, `import('…')` as a value and as a type, `import x = require('…')`. */
const specifierOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return node.argument.literal;
  if (ts.isExternalModuleReference(node)) return node.expression;
  const isImport =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? node.arguments[0] : undefined;
};

const optionalImports = (file: ts.SourceFile): readonly string[] =>
  [...nodesOf(file)].flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return [];
    const name = packageOf(specifier.text);
    return OPTIONAL.has(name) ? [placeOf(node, name)] : [];
  });

/** Skips files that do not mention an optional package: parsing all of them takes long. */
const names = (file: string): boolean => {
  const text = readFileSync(file, 'utf8');
  return [...OPTIONAL].some((name) => text.includes(name));
};

/** `npm ci --omit=optional` installs no types of these packages, and the clone must compile all the same. */
describe('a package that is optional', () => {
  it.each(['src', 'migrations', 'bench', 'scripts', 'tests'])(
    'is not needed to check the types of %s',
    (folder) => {
      const files = sourceFilesIn(folder);
      expect(files.length).toBeGreaterThanOrEqual(2);
      const found = files.filter(names).flatMap((file) => optionalImports(parse(file)));
      expect(found).toStrictEqual([]);
    },
  );

  it.each([
    "import { hash } from '@node-rs/argon2';",
    "import type { Options } from '@node-rs/argon2';",
    "import '@node-rs/argon2/binding.js';",
    "export { hash } from '@node-rs/argon2';",
    "const { hash } = await import('@node-rs/argon2');",
    'const { hash } = await import(`@node-rs/argon2`);',
    "type Options = import('@node-rs/argon2').Options;",
    "type Argon2 = typeof import('@node-rs/argon2');",
    "import argon2 = require('@node-rs/argon2');",
  ])('is found where its types are needed: %s', (text) =>
    expect(optionalImports(parse('planted.ts', text))).toStrictEqual([
      'planted.ts:1 @node-rs/argon2',
    ]),
  );

  it.each([
    "const name = '@node-rs/argon2';",
    'const { hash } = await import(name as string);',
    "import { hash } from 'argon2';",
    "vi.mock('@node-rs/argon2', () => ({}));",
  ])('is not found where they are not: %s', (text) =>
    expect(optionalImports(parse('planted.ts', text))).toStrictEqual([]),
  );
});
