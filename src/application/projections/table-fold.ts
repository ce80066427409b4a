import type { Instant } from '../../domain/instant.ts';
import { projectedTable } from './projected-tables.ts';
import type { Columns, ProjectedTableName, RowChange } from './row-change.ts';
import { createRowLookups } from './row-lookups.ts';

/** The current rows among those that changed, and the keys of the removed ones. */
export type TouchedRows = Readonly<{ written: readonly Columns[]; removed: readonly Columns[] }>;

/**
 * A projected table in memory. Row changes have the same effect as in SQL. To bound its memory, the
 * caller evicts rows to a table of its own, and restores them before a change addresses them.
 */
export type TableFold = Readonly<{
  /** Applies a change. The rows that `findEvicted` names for it must be restored before. */
  apply(change: RowChange): void;
  rows(): Iterable<Columns>;
  /** Counts the rows in memory and the removed ones that were not taken yet. */
  size(): number;
  /** Returns the rows written or removed since the last call. */
  takeTouched(): TouchedRows;
  /**
   * Evicts all but the `keep` rows written last.
   * @returns as `takeTouched`, for the caller to store
   */
  evict(keep: number): TouchedRows;
  /** Returns the keys and lookup values by which `changes` may address evicted rows. */
  findEvicted(changes: readonly RowChange[]): readonly Columns[];
  /** Restores evicted rows; a row that is in memory already keeps its current values. */
  restore(found: readonly Columns[]): void;
}>;

const pick = (row: Columns, columns: readonly string[]): Columns =>
  Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));

/**
 * Creates an empty fold.
 * @param expiredBefore drops rows that expired before this time: see `ProjectedTable`
 */
export const createTableFold = (name: ProjectedTableName, expiredBefore?: Instant): TableFold => {
  const { key, lookups, expiry } = projectedTable(name);
  // Rows in the order of their last write.
  const rows = new Map<string, Columns>();
  /** Changed rows by id: null for a row in `rows`, else the key of a removed row. */
  const touched = new Map<string, Columns | null>();
  const index = createRowLookups(name, lookups);
  const identify = keyText(key);
  let removedCount = 0;
  let someEvicted = false;

  const isExpired = (row: Columns): boolean => {
    const time = expiry === null || expiredBefore === undefined ? null : row[expiry.column];
    return typeof time === 'string' && expiredBefore !== undefined && time < expiredBefore;
  };

  const touch = (id: string, removed: Columns | null): void => {
    if (touched.get(id)) removedCount -= 1;
    if (removed !== null) removedCount += 1;
    touched.set(id, removed);
  };

  const write = (id: string, row: Columns): void => {
    const before = rows.get(id);
    if (before !== undefined) rows.delete(id);
    rows.set(id, row);
    touch(id, null);
    index.move(id, before, row);
  };

  const remove = (id: string): void => {
    const row = rows.get(id);
    if (row === undefined) return;
    rows.delete(id);
    touch(id, pick(row, key));
    index.move(id, row, undefined);
  };

  const applyTo = (id: string, { op, where, set }: RowChange): void => {
    const existing = rows.get(id);
    switch (op) {
      case 'insert':
      case 'upsert': {
        const row = { ...existing, ...where, ...set };
        if (isExpired(row)) remove(id);
        else write(id, row);
        break;
      }
      case 'update':
        // As in SQL, an update of a missing row has no effect.
        if (existing !== undefined) write(id, { ...existing, ...set });
        break;
      case 'delete':
        remove(id);
        break;
    }
  };

  const isKeyed = (where: Columns): boolean => {
    const names = Object.keys(where);
    return names.length === key.length && key.every((column) => column in where);
  };

  const takeTouched = (): TouchedRows => {
    const written: Columns[] = [];
    const removed: Columns[] = [];
    for (const [id, gone] of touched) {
      const row = rows.get(id);
      if (gone !== null) removed.push(gone);
      else if (row !== undefined) written.push(row);
    }
    touched.clear();
    removedCount = 0;
    return { written, removed };
  };

  return {
    apply: (change) => {
      const { where } = change;
      if (isKeyed(where)) applyTo(identify(where), change);
      else for (const id of index.find(where)) applyTo(id, change);
    },
    rows: () => rows.values(),
    size: () => rows.size + removedCount,
    takeTouched,
    evict: (keep) => {
      const taken = takeTouched();
      let excess = rows.size - keep;
      for (const [id, row] of rows) {
        if (excess <= 0) break;
        excess -= 1;
        someEvicted = true;
        rows.delete(id);
        index.move(id, row, undefined);
      }
      return taken;
    },
    findEvicted: (changes) => {
      if (!someEvicted) return [];
      const absent = new Map<string, Columns>();
      for (const { where, op } of changes) {
        // As in SQL, an inserted row does not exist yet.
        if (op === 'insert') continue;
        const keyed = isKeyed(where);
        const id = keyed ? identify(where) : JSON.stringify(where);
        if (keyed && (rows.has(id) || touched.has(id))) continue;
        absent.set(id, where);
      }
      return [...absent.values()];
    },
    restore: (found) => {
      for (const row of found) {
        const id = identify(row);
        if (rows.has(id) || touched.has(id)) continue;
        rows.set(id, row);
        index.move(id, undefined, row);
      }
    },
  };
};

const keyText = (key: readonly string[]): ((row: Columns) => string) => {
  const [only = '', ...others] = key;
  if (others.length === 0) return (row) => String(row[only]);
  return (row) => JSON.stringify(key.map((column) => row[column]));
};
