import { isConverted, legacyName, type TablePlan } from './adoption-plan.ts';
import type { FoundConstraint, FoundIndex } from './found-database.ts';

/** What becomes of a table's constraints and indexes when columns of it get successors. */
export type Reshape = Readonly<{
  /** Taken away until the table is given back. */
  dropped: readonly FoundConstraint[];
  /** Kept on the old columns under another name. */
  renamedConstraints: readonly FoundConstraint[];
  renamedIndexes: readonly FoundIndex[];
  /** Made once more, by the same words, over the new columns. */
  remadeKeys: readonly FoundConstraint[];
  remadeIndexes: readonly FoundIndex[];
  remadeForeignKeys: readonly FoundConstraint[];
  /** Columns that new rows have nothing for. */
  noLongerRequired: readonly string[];
}>;

const touches = (columns: readonly string[], test: (column: string) => boolean): boolean =>
  columns.some(test);

/**
 * A successor has the old column's name, so what was said of the old one can be said again in the
 * same words. Only what new rows could not satisfy is taken away.
 */
export const reshape = (plan: TablePlan): Reshape => {
  const { found, setAside, table } = plan;
  const converted = (column: string) => isConverted(plan, column);
  const replaced = (column: string) => converted(column) || setAside.includes(column);
  const about = (kind: FoundConstraint['kind'], test: (column: string) => boolean) =>
    found.constraints.filter((one) => one.kind === kind && touches(one.columns, test));
  const primary = about('p', replaced);
  const foreign = about('f', converted);
  const unique = about('u', converted);
  const indexes = found.indexes.filter(({ columns }) => touches(columns, converted));
  const isUsers = table === 'users';
  return {
    dropped: [...foreign, ...about('c', replaced), ...primary],
    renamedConstraints: unique,
    renamedIndexes: indexes,
    remadeKeys: [...primary.filter(({ columns }) => touches(columns, converted)), ...unique],
    remadeIndexes: indexes,
    remadeForeignKeys: foreign,
    noLongerRequired: found.columns
      .filter(({ name, notNull, hasDefault, generated }) => {
        if (!notNull || hasDefault || generated) return false;
        // Rows of users are made by Latchkey alone, which knows no column but its own.
        return converted(name) || (isUsers && name !== 'id');
      })
      .map(({ name }) => name),
  };
};

/** Renames that make room, each as what is and what it is called from then on. */
export const renamedTo = ({ name }: Readonly<{ name: string }>): readonly [string, string] => [
  name,
  legacyName(name),
];
