import {
  type Conversion,
  legacyColumn,
  type TablePlan,
} from '../../application/adopting/adoption-plan.ts';
import { quoted } from './sql-names.ts';

/** The expression of an old column's value that agrees with the new column. */
const oldValue = ({ column, from, to }: Conversion): string => {
  const current = `t.${quoted(column)}`;
  return to === 'timestamptz' && from.includes('without time zone')
    ? `${current} AT TIME ZONE 'UTC'`
    : `${current}::${from}`;
};

const keyOf = ({ table, conversions }: TablePlan): string | undefined =>
  conversions.find(({ references }) => references === table)?.column;

/** Sets old references to the old keys of the rows that the new references name. */
const followReference = (
  plan: TablePlan,
  column: string,
  referenced: TablePlan,
  key: string,
): readonly string[] => {
  const table = quoted(plan.table);
  const now = quoted(column);
  const old = quoted(legacyColumn(plan, column));
  const wanted = `r.${quoted(legacyColumn(referenced, key))}`;
  return [
    `UPDATE ${table} AS t SET ${old} = ${wanted} FROM ${quoted(referenced.table)} AS r
      WHERE r.${quoted(key)} = t.${now} AND t.${old} IS DISTINCT FROM ${wanted}`,
    `UPDATE ${table} SET ${old} = NULL WHERE ${now} IS NULL AND ${old} IS NOT NULL`,
  ];
};

/**
 * Copies changes since the adoption into the old columns. A new row got its old key from the
 * column's default; references to it are updated.
 */
export const reconciliation = (plan: TablePlan, plans: readonly TablePlan[]): readonly string[] =>
  plan.conversions.flatMap((conversion) => {
    const { column, references } = conversion;
    if (references === plan.table && column === keyOf(plan)) return [];
    const referenced = plans.find(({ table }) => table === references);
    const key = referenced && keyOf(referenced);
    if (referenced !== undefined && key !== undefined) {
      return followReference(plan, column, referenced, key);
    }
    const old = quoted(legacyColumn(plan, column));
    const value = oldValue(conversion);
    return [
      `UPDATE ${quoted(plan.table)} AS t SET ${old} = ${value} WHERE t.${old} IS DISTINCT FROM ${value}`,
    ];
  });

/** The condition of rows that the old table cannot hold; null if it can hold all. */
export const unholdable = (plan: TablePlan, userColumns: readonly string[]): string | null => {
  const conditions = [
    ...plan.conversions
      .filter(({ notNull }) => notNull)
      .map(({ column }) => `t.${quoted(legacyColumn(plan, column))} IS NULL`),
    ...userColumns.map(
      (column) =>
        `EXISTS (SELECT FROM users AS u WHERE u.id = t.${quoted(column)}::text AND u.latchkey_ordinal IS NULL)`,
    ),
  ];
  return conditions.length === 0 ? null : conditions.join(' OR ');
};
