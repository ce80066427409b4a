import type { Columns } from './row-change.ts';

/** Finds the rows of a table in memory by other columns than their key. */
export const createRowLookups = (table: string, lookups: readonly (readonly string[])[]) => {
  // Most often one row has a value: a set for each would weigh more than the rows.
  const indexes = lookups.map((columns) => ({
    columns,
    ids: new Map<string, string | Set<string>>(),
  }));

  /** Null equals nothing, as in SQL. */
  const valueIn = (row: Columns, columns: readonly string[]): string | undefined => {
    const values = columns.map((column) => row[column] ?? null);
    return values.includes(null) ? undefined : JSON.stringify(values);
  };

  const add = (ids: Map<string, string | Set<string>>, value: string, id: string): void => {
    const found = ids.get(value);
    if (found === undefined) ids.set(value, id);
    else if (typeof found === 'string') ids.set(value, new Set([found, id]));
    else found.add(id);
  };

  const take = (ids: Map<string, string | Set<string>>, value: string, id: string): void => {
    const found = ids.get(value);
    if (found === id) ids.delete(value);
    if (!(found instanceof Set)) return;
    found.delete(id);
    if (found.size === 0) ids.delete(value);
  };

  return {
    /** A row that was `before` is `after` now; undefined: it was not there, or is no more. */
    move: (id: string, before: Columns | undefined, after: Columns | undefined): void => {
      for (const { columns, ids } of indexes) {
        const from = before && valueIn(before, columns);
        const to = after && valueIn(after, columns);
        if (from === to) continue;
        if (from !== undefined) take(ids, from, id);
        if (to !== undefined) add(ids, to, id);
      }
    },

    /** @throws TypeError when the table has no such lookup */
    find: (where: Columns): readonly string[] => {
      const names = Object.keys(where);
      const index = indexes.find(
        ({ columns }) =>
          columns.length === names.length && columns.every((column) => column in where),
      );
      if (index === undefined) throw new TypeError(`${table} has no lookup by ${names}`);
      const value = valueIn(where, index.columns);
      const found = value === undefined ? undefined : index.ids.get(value);
      return found === undefined ? [] : typeof found === 'string' ? [found] : [...found];
    },
  };
};
