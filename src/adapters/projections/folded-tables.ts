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
  /** How many rows may be in memory; a batch of changes more for a moment. */
  maxRows: number;
}>;

/** Every row has an index: the planner, who knows nothing of a table made a moment ago, is to use it. */
const BY_INDEX = [
  'SET enable_hashjoin = off',
  'SET enable_mergejoin = off',
  'SET enable_seqscan = off',
];
const AS_USUAL = ['RESET enable_hashjoin', 'RESET enable_mergejoin', 'RESET enable_seqscan'];

/** By the clock that judges the live rows. */
const readSettledTimes = async (
  connection: Session,
  tables: readonly ProjectedTable[],
): Promise<Readonly<Record<string, Instant>>> => {
  const times = tables.flatMap(({ name, settled }) =>
    settled === null
      ? []
      : [`date_trunc('milliseconds', now() - interval '${settled.after}') AS ${name}`],
  );
  const [row] = await connection.query<Record<string, Instant>>({ text: `SELECT ${times}` });
  return row ?? {};
};

type Part = Readonly<{ name: string; fold: TableFold; staging: StagingTable }>;

export type FoldedTables = Awaited<ReturnType<typeof openFoldedTables>>;

/**
 * The tables as the log makes them: folded in memory, and written to their shadows. Above `maxRows` what
 * was not written for longest is put out to the shadows; a change that is about such a row waits for it.
 */
export const openFoldedTables = async ({ connection, tables, maxRows }: Dependencies) => {
  const settledTimes = await readSettledTimes(connection, tables);
  const parts = tables.map(
    (table): Part => ({
      name: table.name,
      fold: createTableFold(table.name, settledTimes[table.name]),
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
   * Every row that a change may touch is in memory when it is its turn: it was there, or it was out and
   * is back, or an earlier change of the same batch wrote it. While rows are on their way back the
   * caller goes on; nothing is written meanwhile.
   */
  const apply = async (changes: readonly RowChange[]): Promise<void> => {
    await finishWaiting();
    const work = parts.map((part) => {
      const own = changes.filter(({ table }) => table === part.name);
      const absent = part.fold.absentFor(own);
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
    /** The shadows have all of it from now on. @param onWritten told what was written, table by table */
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
    /** All was written but for a few changes that are still to come. */
    prepareComparison: async (): Promise<void> => {
      isNearEnd = true;
      if (hasEvicted) for (const text of AS_USUAL) await connection.query({ text });
      for (const { staging } of parts) await staging.prepareReading();
    },
  };
};
