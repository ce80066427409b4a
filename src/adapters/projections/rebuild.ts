import { ApplicationError } from '../../application/kernel/errors.ts';
import { projectedTables } from '../../application/projections/projected-tables.ts';
import type {
  ProjectionRebuilder,
  ProjectionStatus,
  RebuildProgress,
  RebuildReport,
} from '../../application/projections/projection-rebuilder.ts';
import type {
  OpenRebuildSource,
  TakeEvents,
} from '../../application/projections/rebuild-source.ts';
import type {
  ProjectedEvent,
  ProjectedTableName,
  RowChange,
} from '../../application/projections/row-change.ts';
import type { Database, Queryable, Session } from '../postgres/connection/connection.ts';
import { countRows } from '../postgres/connection/count-rows.ts';
import { createErasedSubjects } from './erased-subjects.ts';
import { openFoldedTables } from './folded-tables.ts';
import { createStagingTables } from './staging-rows.ts';
import { createTableComparison } from './table-comparison.ts';

type Dependencies = Readonly<{
  database: Database;
  project: (event: ProjectedEvent) => readonly RowChange[];
  openSource: OpenRebuildSource<Queryable>;
  /** How many rows of all tables are kept in memory: about one kilobyte each. */
  maxRows?: number;
}>;

const ADVISORY_LOCK = '7153424702';
const DEFAULT_MAX_ROWS = 250_000;

/**
 * Folds the whole log again into staging tables while the service keeps serving. Only the final
 * comparison and the repair block writers. Reactions to events never run here.
 */
export const createProjectionRebuilder = ({
  database,
  project,
  openSource,
  maxRows = DEFAULT_MAX_ROWS,
}: Dependencies): ProjectionRebuilder => {
  /**
   * Runs `work` in a session that holds the lock of rebuilds.
   * @throws ApplicationError `rebuild_running`
   */
  const withLock = <Result>(work: (connection: Session) => Promise<Result>): Promise<Result> =>
    database.session(async (connection) => {
      const [lock] = await connection.query<{ taken: boolean }>({
        text: `SELECT pg_try_advisory_lock(${ADVISORY_LOCK}) AS taken`,
      });
      if (lock?.taken !== true) throw new ApplicationError('rebuild_running');
      await checkClientConnection(connection);
      return work(connection);
    });

  const run = (
    names: readonly ProjectedTableName[],
    repair: boolean,
    onProgress: RebuildProgress,
  ): Promise<RebuildReport> =>
    withLock(async (connection) => {
      const tables = projectedTables.filter(({ name }) => names.includes(name));
      const all = tables.length === projectedTables.length;
      await createStagingTables(connection, tables);
      const folded = await openFoldedTables({ connection, tables, maxRows });
      const erased = createErasedSubjects(connection);
      const comparison = createTableComparison(connection, tables);
      const source = await openSource(connection, repair && all);
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
      await comparison.findCandidates();
      await connection.query({ text: 'BEGIN' });
      // Waits for writing transactions and blocks new ones; readers continue.
      await connection.query({ text: 'LOCK TABLE streams IN SHARE ROW EXCLUSIVE MODE' });
      await source.readRest(take);
      await folded.write(comparison.addCandidates);
      await erased.removeFrom(tables, (table, removed) =>
        comparison.addCandidates(table, { written: [], removed }),
      );
      onProgress(events, events);
      const drift = await comparison.findDrift();
      if (repair) {
        await comparison.repair();
        await erased.removeKeys();
        if (all) {
          await source.afterRepair();
          await markCurrent(connection);
        }
      }
      await connection.query({ text: repair ? 'COMMIT' : 'ROLLBACK' });
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

/** Without this, the lock of a killed run lasts until its last statement ends. */
const checkClientConnection = async (connection: Session): Promise<void> => {
  const set = connection.query({ text: `SET client_connection_check_interval = '1s'` });
  // Not every operating system supports it.
  await set.catch(() => undefined);
};

const markCurrent = async (connection: Queryable): Promise<void> => {
  await connection.query({
    text: `UPDATE projection_checkpoints SET status = 'current', updated_at = now()
      WHERE projection = 'inline'`,
  });
};
