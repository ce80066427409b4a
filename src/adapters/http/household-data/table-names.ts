import { camelCase } from '../../../application/household-data/declared-names.ts';
import type { TableDeclaration } from '../../../application/household-data/table-declaration.ts';

const pascalCase = (name: string): string => camelCase(`_${name}`);

/** The names of a table in paths, answers, operation ids and descriptions. */
export const tableNames = ({ name, singular }: TableDeclaration) => ({
  path: `/v1/${name.replaceAll('_', '-')}`,
  tag: name.replaceAll('_', ' '),
  word: singular.replaceAll('_', ' '),
  items: camelCase(name),
  Items: pascalCase(name),
  Item: pascalCase(singular),
});
