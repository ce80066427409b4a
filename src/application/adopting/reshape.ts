import { isConverted, legacyName, type TablePlan } from './adoption-plan.ts';
import type { FoundConstraint, FoundIndex } from './found-database.ts';

/** The changes of a table's constraints and indexes when its columns are replaced. */
export type Reshape = Readonly<{
  /** Dropped until a rollback. */
  dropped: readonly FoundConstraint[];
  /** Kept on the old columns under another name. */
  renamedConstraints: readonly FoundConstraint[];
  renamedIndexes: readonly FoundIndex[];
  /** Recreated with the same definition over the new columns. */
  recreatedKeys: readonly FoundConstraint[];
  recreatedIndexes: readonly FoundIndex[];
  recreatedForeignKeys: readonly FoundConstraint[];
  /** Columns that are empty in new rows. */
  noLongerRequired: readonly string[];
}>;

const touches = (columns: readonly string[], test: (column: string) => boolean): boolean =>
  columns.some(test);

/**
 * Plans constraints and indexes for replaced columns. The new column has the old name, so
 * definitions can be reused. Only what new rows could not satisfy is dropped.
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
    recreatedKeys: [...primary.filter(({ columns }) => touches(columns, converted)), ...unique],
    recreatedIndexes: indexes,
    recreatedForeignKeys: foreign,
    noLongerRequired: found.columns
      .filter(({ name, notNull, hasDefault, generated }) => {
        if (!notNull || hasDefault || generated) return false;
        // Only Latchkey creates rows of users, and it fills its own columns only.
        return converted(name) || (isUsers && name !== 'id');
      })
      .map(({ name }) => name),
  };
};

/** The old name and the new one of an object that is renamed. */
export const renamedTo = ({ name }: Readonly<{ name: string }>): readonly [string, string] => [
  name,
  legacyName(name),
];
