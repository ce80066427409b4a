import { projectedTable } from './projected-tables.ts';
import type { Columns, ProjectedTableName, RowChange } from './row-change.ts';

export type FoldedRow = Readonly<{ key: Columns; row: Columns | undefined }>;

/** A projected table in memory, grown change by change exactly as SQL would grow it. */
export type TableFold = Readonly<{
  apply(change: RowChange): void;
  rows(): Iterable<Columns>;
  /** Rows written or removed (`row` undefined) since the last call. */
  takeTouched(): readonly FoldedRow[];
}>;

const pick = (row: Columns, columns: readonly string[]): Columns =>
  Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));

const identify = (row: Columns, columns: readonly string[]): string =>
  JSON.stringify(columns.map((column) => row[column]));

export const createTableFold = (name: ProjectedTableName): TableFold => {
  const { key, lookups } = projectedTable(name);
  const rows = new Map<string, Columns>();
  const touched = new Map<string, Columns>();
  const indexes = lookups.map((columns) => ({ columns, ids: new Map<string, Set<string>>() }));

  const write = (id: string, row: Columns): void => {
    const before = rows.get(id);
    rows.set(id, row);
    touched.set(id, pick(row, key));
    for (const { columns, ids } of indexes) {
      if (before !== undefined) {
        if (columns.every((column) => before[column] === row[column])) continue;
        ids.get(identify(before, columns))?.delete(id);
      }
      const value = identify(row, columns);
      const found = ids.get(value);
      if (found === undefined) ids.set(value, new Set([id]));
      else found.add(id);
    }
  };

  const remove = (id: string): void => {
    const row = rows.get(id);
    if (row === undefined) return;
    rows.delete(id);
    touched.set(id, pick(row, key));
    for (const { columns, ids } of indexes) ids.get(identify(row, columns))?.delete(id);
  };

  const addressed = (where: Columns): readonly string[] => {
    const names = Object.keys(where);
    const matches = (columns: readonly string[]) =>
      columns.length === names.length && columns.every((column) => column in where);
    if (matches(key)) return [identify(where, key)];
    const index = indexes.find(({ columns }) => matches(columns));
    if (index === undefined) throw new TypeError(`${name} has no lookup by ${names}`);
    return [...(index.ids.get(identify(where, index.columns)) ?? [])];
  };

  return {
    apply: ({ op, where, set }) => {
      for (const id of addressed(where)) {
        const existing = rows.get(id);
        switch (op) {
          case 'insert':
          case 'upsert':
            write(id, { ...existing, ...where, ...set });
            break;
          case 'update':
            // As in SQL, nothing happens to a row that is not there.
            if (existing !== undefined) write(id, { ...existing, ...set });
            break;
          case 'delete':
            remove(id);
            break;
        }
      }
    },
    rows: () => rows.values(),
    takeTouched: () => {
      const taken = [...touched].map(([id, columns]) => ({ key: columns, row: rows.get(id) }));
      touched.clear();
      return taken;
    },
  };
};
