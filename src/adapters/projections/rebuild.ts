import { ApplicationError } from '../../application/errors.ts';
import type { Position, RecordedEvent } from '../../application/ports/event-store.ts';
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
import { createTableFold, type TableFold } from '../../application/projections/table-fold.ts';
import type { Database, Queryable } from '../postgres/connection.ts';
import { createShadowTable } from './shadow-table.ts';

type Dependencies = Readonly<{
  database: Database;
  project: (event: ProjectedEvent) => readonly RowChange[];
  readAll: (after?: Position) => AsyncIterable<RecordedEvent>;
  /** The rest of the log, read on a connection that keeps everybody from appending. */
  readLocked: (connection: Queryable, after: Position | undefined) => AsyncIterable<RecordedEvent>;
}>;

const ADVISORY_LOCK = '7153424702';
const PROGRESS_EVERY = 500;

/**
 * Folds the whole log again, beside the live tables, while the service keeps serving. Only the
 * comparison, and mending what differs, hold up writers. Reactions to events never run here.
 */
export const createProjectionRebuilder = ({
  database,
  project,
  readAll,
  readLocked,
}: Dependencies): ProjectionRebuilder => {
  /** A session of its own with the right to be the only one: lock and temporary tables end with it. */
  const alone = <Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result> =>
    database.session(async (connection) => {
      const [lock] = await connection.query<{ taken: boolean }>({
        text: `SELECT pg_try_advisory_lock(${ADVISORY_LOCK}) AS taken`,
      });
      if (lock?.taken !== true) throw new ApplicationError('rebuild_running');
      return work(connection);
    });

  const run = (
    names: readonly ProjectedTableName[],
    mend: boolean,
    onProgress: RebuildProgress,
  ): Promise<RebuildReport> =>
    alone(async (connection) => {
      const tables = projectedTables.filter(({ name }) => names.includes(name));
      const folds = new Map<string, TableFold>(
        tables.map(({ name }) => [name, createTableFold(name)]),
      );
      const shadows = tables.map((table) => ({
        fold: folds.get(table.name),
        shadow: createShadowTable(connection, table),
      }));
      const total = await countEvents(connection);
      let events = 0;
      let last: Position | undefined;

      const foldAll = async (recorded: AsyncIterable<RecordedEvent>) => {
        for await (const { stream, event, position } of recorded) {
          for (const change of project({ stream, event })) folds.get(change.table)?.apply(change);
          last = position;
          events += 1;
          if (events % PROGRESS_EVERY === 0) onProgress(events, Math.max(total, events));
        }
      };
      const writeShadows = async () => {
        for (const { fold, shadow } of shadows) await shadow.write(fold?.takeTouched() ?? []);
      };

      for (const { shadow } of shadows) await shadow.create();
      await foldAll(readAll());
      await writeShadows();
      await connection.query({ text: 'BEGIN' });
      // Waits for appends under way and holds up new ones; readers go on.
      await connection.query({ text: 'LOCK TABLE streams IN SHARE ROW EXCLUSIVE MODE' });
      await foldAll(readLocked(connection, last));
      await writeShadows();
      onProgress(events, events);
      const drift: Drift[] = [];
      for (const { shadow } of shadows) drift.push(...(await shadow.compare()));
      if (mend) {
        await connection.query({ text: 'SET CONSTRAINTS ALL DEFERRED' });
        for (const { shadow } of [...shadows].reverse()) await shadow.removeWrong();
        for (const { shadow } of shadows) await shadow.writeRight();
        for (const { shadow } of shadows) {
          if ((await shadow.compare()).length > 0) throw new Error('rebuilt tables still differ');
        }
        if (tables.length === projectedTables.length) await markCurrent(connection);
      }
      await connection.query({ text: mend ? 'COMMIT' : 'ROLLBACK' });
      return { events, drift };
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
        events: await countEvents(database),
        rows,
      };
    },
  };
};

const countRows = async (connection: Queryable, table: string): Promise<number> => {
  const [row] = await connection.query<{ count: string }>({
    text: `SELECT count(*)::text AS count FROM ${table}`,
  });
  return Number(row?.count ?? 0);
};

const countEvents = (connection: Queryable): Promise<number> => countRows(connection, 'events');

const markCurrent = async (connection: Queryable): Promise<void> => {
  await connection.query({
    text: `UPDATE projection_checkpoints SET status = 'current', updated_at = now()
      WHERE projection = 'inline'`,
  });
};
