/** A column in the catalogue. `notNullName`: the name of the constraint, since PostgreSQL 18. */
export type FoundColumn = Readonly<{
  name: string;
  /** As `format_type` writes it. */
  type: string;
  notNull: boolean;
  notNullName: string | null;
  hasDefault: boolean;
  generated: boolean;
}>;

/** `kind`: primary, unique, foreign, check, exclusion. `definition`: the SQL after its name. */
export type FoundConstraint = Readonly<{
  name: string;
  kind: 'p' | 'u' | 'f' | 'c' | 'x';
  columns: readonly string[];
  definition: string;
  comment: string | null;
  referencedTable: string | null;
  referencedColumns: readonly string[];
  /** The index behind a primary or unique constraint. */
  indexDefinition: string | null;
  clustered: boolean;
  /** Whether a view depends on it. */
  heldByView: boolean;
}>;

/** An index without a constraint. `columns` includes those in expressions and conditions. */
export type FoundIndex = Readonly<{
  name: string;
  columns: readonly string[];
  definition: string;
  clustered: boolean;
}>;

/** `enabled`: O except in replicas, A always, R in replicas only, D never. */
export type FoundTrigger = Readonly<{ name: string; enabled: 'O' | 'A' | 'R' | 'D' }>;

export type FoundTable = Readonly<{
  name: string;
  /** `r` plain, `p` partitioned. */
  kind: 'r' | 'p';
  rowSecurity: boolean;
  inherits: boolean;
  hasRules: boolean;
  columns: readonly FoundColumn[];
  constraints: readonly FoundConstraint[];
  indexes: readonly FoundIndex[];
  triggers: readonly FoundTrigger[];
}>;

/** The objects of a schema before any change. `kind` as in `pg_class.relkind`. */
export type FoundDatabase = Readonly<{
  tables: readonly FoundTable[];
  relations: readonly Readonly<{
    name: string;
    kind: string;
    /** Whether every role may read or write it. */
    open: boolean;
  }>[];
  /** Which views read which tables. */
  views: readonly Readonly<{ name: string; table: string }>[];
}>;

export const findTable = ({ tables }: FoundDatabase, name: string): FoundTable | undefined =>
  tables.find((table) => table.name === name);

export const findColumn = ({ columns }: FoundTable, name: string): FoundColumn | undefined =>
  columns.find((column) => column.name === name);
