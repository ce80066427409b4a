import path from 'node:path';
import ts from 'typescript';
import { nodesOf } from './syntax-tree.ts';

/** `accept-invitation` → `createAcceptInvitation` */
const factoryNameOf = (file: string): string =>
  path.posix
    .basename(file, '.ts')
    .split('-')
    .reduce((name, word) => name + word.charAt(0).toUpperCase() + word.slice(1), 'create');

/** What a factory returns: the body of the arrow, or what its block returns. */
const returnedBy = ({ body }: ts.ArrowFunction): ts.Expression | undefined => {
  const returned = ts.isBlock(body) ? body.statements.find(ts.isReturnStatement)?.expression : body;
  return returned && ts.isParenthesizedExpression(returned) ? returned.expression : returned;
};

/** The factory that a file is named after, if it returns one function and not an object of several. */
const findFactory = (file: ts.SourceFile): ts.VariableDeclaration | undefined =>
  file.statements
    .filter(ts.isVariableStatement)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name, initializer }) => {
      if (name.getText() !== factoryNameOf(file.fileName)) return false;
      const returned =
        initializer && ts.isArrowFunction(initializer) ? returnedBy(initializer) : undefined;
      return returned !== undefined && !ts.isObjectLiteralExpression(returned);
    });

/** Names of the functions that these files call. */
const calledIn = (files: readonly ts.SourceFile[]): ReadonlySet<string> =>
  new Set(
    files
      .flatMap((file) => [...nodesOf(file)])
      .filter(ts.isCallExpression)
      .map(({ expression }) => expression.getText()),
  );

/**
 * The use cases among `files`: a use case is a file that exports a factory of its own name, `create` and
 * the name in PascalCase, which returns one function and which the composition calls.
 */
export const findUseCases = (
  files: readonly ts.SourceFile[],
  composition: readonly ts.SourceFile[],
): readonly string[] => {
  const called = calledIn(composition);
  return files
    .filter((file) => findFactory(file) !== undefined)
    .map(({ fileName }) => fileName)
    .filter((file) => called.has(factoryNameOf(file)));
};

/** `src/application/x/y.ts` → `tests/application/x/y.spec.ts` */
export const specOf = (file: string): string =>
  file.replace(/^src\//, 'tests/').replace(/\.ts$/, '.spec.ts');
