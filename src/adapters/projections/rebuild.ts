import { ApplicationError } from '../../application/errors.ts';
import type { RecordedEvent } from '../../application/ports/event-store.ts';
import type {
  Drift,
  ProjectionRebuilder,
  ProjectionStatus,
  RebuildProgress,
  RebuildReport,
} from '../../application/ports/projection-rebuilder.ts';
import { projectedTables } from '../../application/projections/projected-tables.ts';
import type {
  ProjectedEvent,
  ProjectedTableName,
  RowChange,
} from '../../application/projections/row-change.ts';
import type { TouchedRows } from '../../application/projections/table-fold.ts';
import type { Database, Queryable, Session } from '../postgres/connection.ts';
import { countRows } from '../postgres/count-rows.ts';
import { type ComparedTable, createComparedTable } from './compared-table.ts';
import { createErasedUsers } from './erased-users.ts';
import { openFoldedTables } from './folded-tables.ts';
import { createShadows } from './shadow-rows.ts';

export type LoggedEvent = Pick<RecordedEvent, 'stream' | 'event'>;

/** Takes events in the order of the log, some at a time; the next ones come when it is done. */
export type TakeEvents = (events: readonly LoggedEvent[]) => Promise<void>;

/** The log as one run reads it. */
export type RebuildSource = Readonly<{
  count(): Promise<number>;
  /** All but a few of its last events, beside everybody. */
  readAll(take: TakeEvents): Promise<void>;
  /**
   * What `readAll` left, while nobody else can change the tables: they tell all of it by then, but for
   * what they lack that was not on its way.
   */
  readRest(take: TakeEvents): Promise<void>;
  /** In the transaction in which all tables were mended. */
  afterMending(): Promise<void>;
}>;

export type OpenRebuildSource = (connection: Queryable, mend: boolean) => Promise<RebuildSource>;

type Dependencies = Readonly<{
  database: Database;
  project: (event: ProjectedEvent) => readonly RowChange[];
  openSource: OpenRebuildSource;
  /** How many rows of all tables are in memory at a time: about one kilobyte each. */
  maxRows?: number;
}>;

const ADVISORY_LOCK = '7153424702';
const DEFAULT_MAX_ROWS = 250_000;
/** Beyond that a report says only how many more there are. */
const MAX_REPORTED_ROWS = 10_000;

/**
 * Folds the whole log again, beside the live tables, while the service keeps serving. Only the
 * comparison, and mending what differs, hold up writers. Reactions to events never run here.
 */
export const createProjectionRebuilder = ({
  database,
  project,
  openSource,
  maxRows = DEFAULT_MAX_ROWS,
}: Dependencies): ProjectionRebuilder => {
  /** A session of its own with the right to be the only one: lock and temporary tables end with it. */
  const alone = <Result>(work: (connection: Session) => Promise<Result>): Promise<Result> =>
    database.session(async (connection) => {
      const [lock] = await connection.query<{ taken: boolean }>({
        text: `SELECT pg_try_advisory_lock(${ADVISORY_LOCK}) AS taken`,
      });
      if (lock?.taken !== true) throw new ApplicationError('rebuild_running');
      await noticeDeath(connection);
      return work(connection);
    });

  const run = (
    names: readonly ProjectedTableName[],
    mend: boolean,
    onProgress: RebuildProgress,
  ): Promise<RebuildReport> =>
    alone(async (connection) => {
      const tables = projectedTables.filter(({ name }) => names.includes(name));
      const all = tables.length === projectedTables.length;
      const compared: readonly Compared[] = tables.map((table) => ({
        name: table.name,
        comparison: createComparedTable(connection, table),
      }));
      await createShadows(connection, tables);
      const folded = await openFoldedTables({ connection, tables, maxRows });
      const erased = createErasedUsers(connection);
      const suspect = async (table: string, rows: TouchedRows) => {
        await compared.find(({ name }) => name === table)?.comparison.suspect(rows);
      };
      const source = await openSource(connection, mend && all);
      const total = await source.count();
      let events = 0;
      const take: TakeEvents = async (taken) => {
        await erased.note(taken);
        await folded.apply(taken.flatMap(({ stream, event }) => project({ stream, event })));
        events += taken.length;
        onProgress(events, Math.max(total, events));
      };

      await source.readAll(take);
      await folded.write();
      await folded.prepareComparison();
      await erased.removeFrom(tables, async () => undefined);
      for (const { comparison } of compared) await comparison.suspectDiffering();
      await connection.query({ text: 'BEGIN' });
      // Waits for whoever is writing these tables and holds up the next; readers go on.
      await connection.query({ text: 'LOCK TABLE streams IN SHARE ROW EXCLUSIVE MODE' });
      await source.readRest(take);
      await folded.write(suspect);
      await erased.removeFrom(tables, (table, removed) => suspect(table, { written: [], removed }));
      onProgress(events, events);
      const { differing, drift } = await reportDrift(compared);
      if (mend) {
        await mendTables(connection, differing);
        await erased.removeKeys();
        if (all) {
          await source.afterMending();
          await markCurrent(connection);
        }
      }
      await connection.query({ text: mend ? 'COMMIT' : 'ROLLBACK' });
      return { events, ...drift };
    });

  return {
    rebuild: (names, onProgress) => run(names, true, onProgress),
    verify: (names, onProgress) => run(names, false, onProgress),

    status: async (): Promise<ProjectionStatus> => {
      const [checkpoint] = await database.query<{
        status: ProjectionStatus['status'];
        updated_at: string;
      }>({
        text: `SELECT status, updated_at FROM projection_checkpoints WHERE projection = 'inline'`,
      });
      const rows: Record<string, number> = {};
      for (const { name } of projectedTables) rows[name] = await countRows(database, name);
      return {
        status: checkpoint?.status ?? 'rebuild_required',
        updatedAt: checkpoint?.updated_at ?? '',
        events: await (await openSource(database, false)).count(),
        rows,
      };
    },
  };
};

/** Else the lock of a run that was killed lasts for as long as its last statement waits or works. */
const noticeDeath = async (connection: Session): Promise<void> => {
  const set = connection.query({ text: `SET client_connection_check_interval = '1s'` });
  // Not every system can.
  await set.catch(() => undefined);
};

type Compared = Readonly<{ name: string; comparison: ComparedTable }>;

const reportDrift = async (compared: readonly Compared[]) => {
  const differing: ComparedTable[] = [];
  const drift: Drift[] = [];
  let further = 0;
  let left = MAX_REPORTED_ROWS;
  for (const { comparison } of compared) {
    const rows = await comparison.findDiffering();
    if (rows === 0) continue;
    differing.push(comparison);
    const told = Math.min(rows, left);
    drift.push(...(await comparison.report(told)));
    left -= told;
    further += rows - told;
  }
  return { differing, drift: { drift, ...(further > 0 && { furtherRows: further }) } };
};

/** Children before parents, then parents before children. @throws Error when they differ even then */
const mendTables = async (
  connection: Session,
  differing: readonly ComparedTable[],
): Promise<void> => {
  await connection.query({ text: 'SET CONSTRAINTS ALL DEFERRED' });
  for (const table of [...differing].reverse()) await table.removeWrong();
  for (const table of differing) await table.writeRight();
  for (const table of differing) {
    if ((await table.findDiffering()) > 0) throw new Error('rebuilt tables still differ');
  }
};

const markCurrent = async (connection: Queryable): Promise<void> => {
  await connection.query({
    text: `UPDATE projection_checkpoints SET status = 'current', updated_at = now()
      WHERE projection = 'inline'`,
  });
};
