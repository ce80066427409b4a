import type { FoundTable } from './found-database.ts';
import type { UserColumns } from './user-columns.ts';

/** The household of everybody, unless each is to have one. Reserved: no generator makes it. */
export const DEFAULT_HOUSEHOLD_ID = 'hh_00000000000000000000000000';
export const DEFAULT_HOUSEHOLD = 'Default household';

export type HouseholdMode = 'default' | 'per-user';

export type AdoptionOptions = Readonly<{
  /** The data tables that get a household. */
  tables: readonly string[];
  allTables: boolean;
  households: HouseholdMode;
  /** Who owns the Default household. */
  owner: string | null;
  /** Ours to theirs. */
  map: Readonly<Record<string, string>>;
}>;

export type ColumnType = 'text' | 'timestamptz' | 'date' | 'boolean' | 'bigint';

/** A column that another one of the same name takes over from, filled with what it said. */
export type Conversion = Readonly<{
  column: string;
  to: ColumnType;
  /** What it is, as `format_type` writes it. */
  from: string;
  /** The table whose key it holds; its own, for a key. */
  references: string | null;
  notNull: boolean;
}>;

/** Whose household a row gets: its user's, or that of a row it belongs to. */
export type RowOwner = Readonly<{ column: string; table: string; key: string }>;

/** Where a row's household comes from: everybody's, or that of the first owner it has. */
export type HouseholdSource =
  | Readonly<{ by: 'default' }>
  | Readonly<{ by: 'owner'; owners: readonly RowOwner[] }>;

export type AddedColumn = Readonly<{ column: string; to: ColumnType; filled: boolean }>;

export type TablePlan = Readonly<{
  table: string;
  rows: number;
  found: FoundTable;
  conversions: readonly Conversion[];
  /** Columns that keep what they hold under another name, and have no successor yet. */
  setAside: readonly string[];
  added: readonly AddedColumn[];
  /** Null: not a table with households. */
  household: HouseholdSource | null;
}>;

export type AdoptionPlan = Readonly<{
  users: TablePlan;
  userColumns: UserColumns;
  /** Parents before children. */
  tables: readonly TablePlan[];
  /** Indexes that have a name Latchkey needs. */
  inTheWay: readonly string[];
  households: HouseholdMode;
  owner: string;
}>;

/** The name that something old goes on under. */
export const legacyName = (name: string): string => `legacy_${name}`.slice(0, 63);

/** The same for a column, where the table may have one of that name already. */
export const legacyColumn = ({ found }: Pick<TablePlan, 'found'>, column: string): string => {
  const name = legacyName(column);
  return found.columns.some((other) => other.name === name) ? legacyColumn({ found }, name) : name;
};

export const isConverted = ({ conversions }: TablePlan, column: string): boolean =>
  conversions.some((conversion) => conversion.column === column);

/** The name an old column has once its table is adopted. */
export const nameAfterwards = (plan: TablePlan, column: string): string =>
  isConverted(plan, column) || plan.setAside.includes(column) ? legacyColumn(plan, column) : column;

/** Whether rows must be written, rather than the table's description only. */
export const needsFilling = ({ conversions, household }: TablePlan): boolean =>
  conversions.length > 0 || (household !== null && household.by !== 'default');
