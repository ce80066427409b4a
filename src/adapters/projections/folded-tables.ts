import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { RowChange } from '../../application/projections/row-change.ts';
import {
  createTableFold,
  type TableFold,
  type TouchedRows,
} from '../../application/projections/table-fold.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Session } from '../postgres/connection/connection.ts';
import { createStagingTable, type StagingTable } from './staging-table.ts';

type Dependencies = Readonly<{
  connection: Session;
  tables: readonly ProjectedTable[];
  /** How many rows may be in memory, not counting the current batch of changes. */
  maxRows: number;
}>;

/** Makes the planner use indexes: it has no statistics of new temporary tables. */
const BY_INDEX = [
  'SET enable_hashjoin = off',
  'SET enable_mergejoin = off',
  'SET enable_seqscan = off',
];
const AS_USUAL = ['RESET enable_hashjoin', 'RESET enable_mergejoin', 'RESET enable_seqscan'];

/** By the clock that judges the live rows. */
const readExpiryTimes = async (
  connection: Session,
  tables: readonly ProjectedTable[],
): Promise<Readonly<Record<string, Instant>>> => {
  const times = tables.flatMap(({ name, expiry }) =>
    expiry === null
      ? []
      : [`date_trunc('milliseconds', now() - interval '${expiry.after}') AS ${name}`],
  );
  const [row] = await connection.query<Record<string, Instant>>({ text: `SELECT ${times}` });
  return row ?? {};
};

type Part = Readonly<{ name: string; fold: TableFold; staging: StagingTable }>;

export type FoldedTables = Awaited<ReturnType<typeof openFoldedTables>>;

/**
 * Folds the log into tables in memory, and writes them to staging tables. Above `maxRows` the rows
 * that were not written for longest are evicted to the staging tables, and restored when a change
 * needs them.
 */
export const openFoldedTables = async ({ connection, tables, maxRows }: Dependencies) => {
  const expiryTimes = await readExpiryTimes(connection, tables);
  const parts = tables.map(
    (table): Part => ({
      name: table.name,
      fold: createTableFold(table.name, expiryTimes[table.name]),
      staging: createStagingTable(connection, table),
    }),
  );
  let waiting: (() => Promise<void>) | undefined;
  let hasEvicted = false;
  let isNearEnd = false;

  const size = () => parts.reduce((sum, { fold }) => sum + fold.size(), 0);

  const evict = async (): Promise<void> => {
    for (const { fold, staging } of parts) {
      await staging.write(fold.evict(Math.floor(fold.size() / 2)));
      if (!hasEvicted) await staging.prepareReading();
    }
    if (!hasEvicted) for (const text of BY_INDEX) await connection.query({ text });
    hasEvicted = true;
  };

  const finishWaiting = async (): Promise<void> => {
    const work = waiting;
    waiting = undefined;
    await work?.();
    if (size() > maxRows && !isNearEnd) await evict();
  };

  /**
   * Restores evicted rows before the changes that may touch them are applied. The caller continues
   * while rows are being restored; nothing is written meanwhile.
   */
  const apply = async (changes: readonly RowChange[]): Promise<void> => {
    await finishWaiting();
    const work = parts.map((part) => {
      const own = changes.filter(({ table }) => table === part.name);
      const absent = part.fold.findEvicted(own);
      return { ...part, own, found: absent.length > 0 ? part.staging.read(absent) : undefined };
    });
    const all = Promise.all(work.map(({ found }) => found));
    all.catch(() => undefined);
    waiting = async () => {
      await all;
      for (const { fold, own, found } of work) {
        if (found !== undefined) fold.restore(await found);
        for (const change of own) fold.apply(change);
      }
    };
  };

  return {
    apply,
    /**
     * Writes all changes to the staging tables.
     * @param onWritten gets the written rows, table by table
     */
    write: async (
      onWritten: (table: string, rows: TouchedRows) => Promise<void> = async () => undefined,
    ): Promise<void> => {
      await finishWaiting();
      for (const { name, fold, staging } of parts) {
        const touched = fold.takeTouched();
        await staging.write(touched);
        await onWritten(name, touched);
      }
    },
    /** To be called when only a few changes are still to come. */
    prepareComparison: async (): Promise<void> => {
      isNearEnd = true;
      if (hasEvicted) for (const text of AS_USUAL) await connection.query({ text });
      for (const { staging } of parts) await staging.prepareReading();
    },
  };
};
