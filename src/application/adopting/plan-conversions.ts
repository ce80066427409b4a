import type { ColumnType, Conversion } from './adoption-plan.ts';
import type { DeclaredColumns } from './declared-columns.ts';
import {
  type FoundColumn,
  type FoundDatabase,
  type FoundTable,
  findColumn,
} from './found-database.ts';

/** Enough for every TypeID, including the longest prefix. */
const MIN_ID_LENGTH = 40;

const lengthOf = (type: string): number => Number(/^character varying\((\d+)\)$/.exec(type)?.[1]);

/** Whether the column can hold new ids beside the old ones. */
export const holdsIds = ({ type }: FoundColumn): boolean =>
  type === 'text' || type === 'character varying' || lengthOf(type) >= MIN_ID_LENGTH;

const FITTING: Readonly<Record<ColumnType, RegExp>> = {
  text: /^(text|character|character varying)(\(\d+\))?$/,
  timestamptz: /^timestamp(\(\d\))? with time zone$/,
  date: /^date$/,
  boolean: /^boolean$/,
  bigint: /^(smallint|integer|bigint)$/,
};

/** The types that can be converted to each type without loss. */
const READABLE: Readonly<Record<ColumnType, RegExp>> = {
  text: /./,
  timestamptz: /^(timestamp(\(\d\))? without time zone|date)$/,
  date: /^$/,
  boolean: /^integer$/,
  bigint: /^$/,
};

export const fits = ({ type }: FoundColumn, wanted: ColumnType): boolean =>
  FITTING[wanted].test(type);

const isReadable = ({ type }: FoundColumn, wanted: ColumnType): boolean =>
  READABLE[wanted].test(type);

export type Conversions = ReadonlyMap<string, readonly Conversion[]>;

const convert = (
  { name, type, notNull }: FoundColumn,
  to: ColumnType,
  references: string | null,
): Conversion => ({ column: name, to, from: type, references, notNull });

/** Columns named for a user, with or without a foreign key. */
export const USER_LIKE = /^(.+_)?user_id$/;

/**
 * Finds the columns of each table that must be replaced: keys that cannot hold text, columns that
 * refer to them, and columns of declared tables with another type.
 */
export const planConversions = (
  found: FoundDatabase,
  named: readonly string[],
  userId: string,
  declared: DeclaredColumns,
): Conversions => {
  const conversions = new Map<string, Map<string, Conversion>>();
  const has = (table: string, column: string) => conversions.get(table)?.has(column) === true;
  const add = (table: FoundTable, name: string, to: ColumnType, references: string | null) => {
    const column = findColumn(table, name);
    if (column === undefined || has(table.name, name)) return false;
    const known = conversions.get(table.name) ?? new Map<string, Conversion>();
    conversions.set(table.name, known.set(name, convert(column, to, references)));
    return true;
  };

  const addKey = (table: FoundTable, key: string): void => {
    const column = findColumn(table, key);
    if (column !== undefined && !holdsIds(column)) add(table, key, 'text', table.name);
  };
  const addDeclared = (table: FoundTable): void => {
    addKey(table, 'id');
    for (const { column, to } of declared.get(table.name) ?? []) {
      const existing = findColumn(table, column);
      if (existing === undefined || fits(existing, to) || !isReadable(existing, to)) continue;
      add(table, column, to, null);
    }
  };
  /** Adds columns that refer to converted keys. @returns whether any was added */
  const follow = (table: FoundTable): boolean =>
    table.constraints
      .filter(({ kind }) => kind === 'f')
      .flatMap(({ columns, referencedTable, referencedColumns }) =>
        columns.map((column, place) => ({
          column,
          to: referencedTable ?? '',
          key: referencedColumns[place] ?? '',
        })),
      )
      .filter(({ to, key }) => has(to, key))
      .map(({ column, to }) => add(table, column, 'text', to))
      .includes(true);

  for (const table of found.tables) {
    if (table.name === 'users') addKey(table, userId);
    else if (named.includes(table.name) && declared.has(table.name)) addDeclared(table);
  }
  while (found.tables.map(follow).includes(true));
  if (has('users', userId)) {
    for (const table of found.tables.filter(({ name }) => named.includes(name))) {
      for (const { name } of table.columns)
        if (USER_LIKE.test(name)) add(table, name, 'text', 'users');
    }
  }
  return new Map([...conversions].map(([table, columns]) => [table, [...columns.values()]]));
};
