import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Paths of the files below `folder`, relative to the repository, in order. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name).replaceAll(path.sep, '/'))
    .sort();

/** Those of them that are TypeScript. */
export const sourceFilesIn = (folder: string): readonly string[] =>
  filesIn(folder).filter((file) => file.endsWith('.ts'));

export const parse = (file: string, text = readFileSync(file, 'utf8')): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

export const nodesOf = function* (node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
};

/** `<file>:<line> <what>`, for a person to find it. */
export const placeOf = (node: ts.Node, what: string): string => {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${file.fileName}:${line + 1} ${what}`;
};
