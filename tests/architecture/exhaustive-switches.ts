import ts from 'typescript';
import { nodesOf, placeOf } from './syntax-tree.ts';

export const compilerOptions = (): ts.CompilerOptions => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, '.').options;
};

const literalsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

/** Literal types have one identity per value, but a fresh and a regular form. */
const nameOf = (checker: ts.TypeChecker, type: ts.Type): string => checker.typeToString(type);

const missingCases = (checker: ts.TypeChecker, node: ts.SwitchStatement): readonly string[] => {
  const { clauses } = node.caseBlock;
  if (clauses.some(ts.isDefaultClause)) return [];
  const covered = new Set(
    clauses
      .filter(ts.isCaseClause)
      .flatMap(({ expression }) => literalsOf(checker.getTypeAtLocation(expression)))
      .map((type) => nameOf(checker, type)),
  );
  return literalsOf(checker.getTypeAtLocation(node.expression))
    .map((type) => nameOf(checker, type))
    .filter((name) => !covered.has(name));
};

/** Every `switch` of these files, and the members of its union that it leaves out. */
export const examineSwitches = (files: readonly string[]) => {
  const program = ts.createProgram([...files], compilerOptions());
  const checker = program.getTypeChecker();
  const switches = files
    .flatMap((file) => {
      const source = program.getSourceFile(file);
      return source === undefined ? [] : [...nodesOf(source)];
    })
    .filter(ts.isSwitchStatement);
  return {
    count: switches.length,
    gaps: switches.flatMap((node) =>
      missingCases(checker, node).map((name) => placeOf(node, `lacks ${name}`)),
    ),
    /** A default would swallow the next member of a union. */
    defaults: switches
      .filter(({ caseBlock }) => caseBlock.clauses.some(ts.isDefaultClause))
      .map((node) => placeOf(node, 'has a default')),
  };
};
