import type { FoundTable } from './found-database.ts';
import type { UserColumns } from './user-columns.ts';

/**
 * The shared household, for all users unless each gets their own. Reserved: no generator makes it.
 */
export const DEFAULT_HOUSEHOLD_ID = 'hh_00000000000000000000000000';
export const DEFAULT_HOUSEHOLD = 'Default household';

export type HouseholdMode = 'default' | 'per-user';

export type AdoptionOptions = Readonly<{
  /** The data tables that get a household. */
  tables: readonly string[];
  allTables: boolean;
  households: HouseholdMode;
  /** Id of the user who owns the shared household. */
  owner: string | null;
  /** Latchkey's names of facts to the old columns. */
  map: Readonly<Record<string, string>>;
}>;

export type ColumnType = 'text' | 'timestamptz' | 'date' | 'boolean' | 'bigint';

/** A column that is replaced by a new one of the same name and another type, filled from it. */
export type Conversion = Readonly<{
  column: string;
  to: ColumnType;
  /** The old type, as `format_type` writes it. */
  from: string;
  /** The table whose key it holds; the own table for a key. */
  references: string | null;
  notNull: boolean;
}>;

/** The row whose household a row gets: its user, or a parent row. */
export type RowOwner = Readonly<{ column: string; table: string; key: string }>;

/** Where a row's household comes from: the shared one, or that of its first owner. */
export type HouseholdSource =
  | Readonly<{ by: 'default' }>
  | Readonly<{ by: 'owner'; owners: readonly RowOwner[] }>;

export type AddedColumn = Readonly<{ column: string; to: ColumnType; filled: boolean }>;

export type TablePlan = Readonly<{
  table: string;
  rows: number;
  found: FoundTable;
  conversions: readonly Conversion[];
  /** Columns that are renamed with their data and not replaced yet. */
  setAside: readonly string[];
  added: readonly AddedColumn[];
  /** Null for a table without households. */
  household: HouseholdSource | null;
}>;

export type AdoptionPlan = Readonly<{
  users: TablePlan;
  userColumns: UserColumns;
  /** Parents before children. */
  tables: readonly TablePlan[];
  /** Indexes whose names Latchkey needs. */
  inTheWay: readonly string[];
  households: HouseholdMode;
  owner: string;
}>;

/** The new name of an old object. */
export const legacyName = (name: string): string => `legacy_${name}`.slice(0, 63);

/** The same for a column; avoids the names that the table has already. */
export const legacyColumn = ({ found }: Pick<TablePlan, 'found'>, column: string): string => {
  const name = legacyName(column);
  return found.columns.some((other) => other.name === name) ? legacyColumn({ found }, name) : name;
};

export const isConverted = ({ conversions }: TablePlan, column: string): boolean =>
  conversions.some((conversion) => conversion.column === column);

/** The name an old column has once its table is adopted. */
export const nameAfterwards = (plan: TablePlan, column: string): string =>
  isConverted(plan, column) || plan.setAside.includes(column) ? legacyColumn(plan, column) : column;

/** Whether rows have to be written, not only the table's definition. */
export const needsFilling = ({ conversions, household }: TablePlan): boolean =>
  conversions.length > 0 || (household !== null && household.by !== 'default');
