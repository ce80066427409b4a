import type { Columns } from './row-change.ts';

/** Indexes the rows of an in-memory table by its lookups. */
export const createRowLookups = (table: string, lookups: readonly (readonly string[])[]) => {
  // Most values belong to one row: a set for each would take more memory than the rows.
  const indexes = lookups.map((columns) => ({
    columns,
    ids: new Map<string, string | Set<string>>(),
  }));

  /**
   * Returns the lookup value of a row; undefined with a null in it, as in SQL null equals nothing.
   */
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
    /**
     * Updates the index for a row; `before` or `after` is undefined if it did not or does not
     * exist.
     */
    move: (id: string, before: Columns | undefined, after: Columns | undefined): void => {
      for (const { columns, ids } of indexes) {
        const from = before && valueIn(before, columns);
        const to = after && valueIn(after, columns);
        if (from === to) continue;
        if (from !== undefined) take(ids, from, id);
        if (to !== undefined) add(ids, to, id);
      }
    },

    /** Returns the ids of the matching rows. @throws TypeError when the table has no such lookup */
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
