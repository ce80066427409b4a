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
import { countRows } from '../postgres/count-rows.ts';
import { createShadowTable } from './shadow-table.ts';

/** The log as one run reads it, on the run's own connection. */
export type RebuildSource = Readonly<{
  count(): Promise<number>;
  readAll(): AsyncIterable<RecordedEvent>;
  /**
   * The rest of the log, while nobody else can change the tables: they tell all of it by then, but for
   * what they lack that was not on its way.
   */
  readRest(after: Position | undefined): AsyncIterable<RecordedEvent>;
  /** In the transaction in which all tables were mended. */
  afterMending(): Promise<void>;
}>;

export type OpenRebuildSource = (connection: Queryable, mend: boolean) => Promise<RebuildSource>;

type Dependencies = Readonly<{
  database: Database;
  project: (event: ProjectedEvent) => readonly RowChange[];
  openSource: OpenRebuildSource;
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
  openSource,
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
      const all = tables.length === projectedTables.length;
      const source = await openSource(connection, mend && all);
      const total = await source.count();
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
      await foldAll(source.readAll());
      await writeShadows();
      await connection.query({ text: 'BEGIN' });
      // Waits for whoever is writing these tables and holds up the next; readers go on.
      await connection.query({ text: 'LOCK TABLE streams IN SHARE ROW EXCLUSIVE MODE' });
      await foldAll(source.readRest(last));
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
        if (all) {
          await source.afterMending();
          await markCurrent(connection);
        }
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
        events: await (await openSource(database, false)).count(),
        rows,
      };
    },
  };
};

const markCurrent = async (connection: Queryable): Promise<void> => {
  await connection.query({
    text: `UPDATE projection_checkpoints SET status = 'current', updated_at = now()
      WHERE projection = 'inline'`,
  });
};
