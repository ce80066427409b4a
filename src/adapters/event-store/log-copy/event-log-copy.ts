import { setTimeout as delay } from 'node:timers/promises';
import {
  type CopyLog,
  LogCopyRefused,
  type LogCopyWatch,
  type LogLocation,
} from '../../../application/event-log/log-copy.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import {
  COPYING_LOCK,
  LOG_LEASE_MS,
  LOG_LOCK_CLASS,
  SERVING_LOCK,
} from '../../postgres/event-log/postgres-log-lease.ts';
import type { EventStoreDb } from '../eventstoredb/eventstoredb.ts';
import { refuseWhenUnavailable } from './log-copy-failures.ts';
import { readLogLocation } from './log-copy-handover.ts';
import { createLogCopyTarget } from './log-copy-target.ts';
import { createCopyToEventStoreDb } from './log-copy-to-eventstoredb.ts';
import { createCopyToPostgres } from './log-copy-to-postgres.ts';

type Dependencies = Readonly<{
  database: Database;
  eventStoreDb: EventStoreDb;
  /** How long a server that lost its lease may take to notice that and to end its appends. */
  drainMilliseconds?: number;
}>;

/** An append ends within eight seconds. */
const DRAIN_MS = LOG_LEASE_MS + 9_000;
const ASK_AGAIN_MS = 500;
const names = { postgres: 'PostgreSQL', eventstoredb: 'EventStoreDB' } as const;

const takeLock = async (connection: Queryable, lock: number): Promise<boolean> => {
  const [row] = await connection.query<{ taken: boolean }>({
    text: 'SELECT pg_try_advisory_lock($1, $2) AS taken',
    values: [LOG_LOCK_CLASS, lock],
  });
  return row?.taken === true;
};

const countServing = async (connection: Queryable): Promise<number> => {
  const [row] = await connection.query<{ serving: number }>({
    text: `SELECT count(*)::integer AS serving FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = $2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    values: [LOG_LOCK_CLASS, SERVING_LOCK],
  });
  return row?.serving ?? 0;
};

/** Takes the lease from all servers: none can serve from then on, until the session ends. */
const takeLeaseFrom =
  (session: Queryable, waitSeconds: number, { onNotice }: LogCopyWatch) =>
  async (meanwhile: () => Promise<void>): Promise<void> => {
    const deadline = performance.now() + waitSeconds * 1_000;
    for (let noticed = false; ; noticed = true) {
      if (await takeLock(session, SERVING_LOCK)) return;
      const serving = await countServing(session);
      const they = `${serving} ${serving === 1 ? 'process still runs' : 'processes still run'}`;
      if (performance.now() >= deadline) {
        throw new LogCopyRefused(
          `${they} on this database: stop them and run the command again; it keeps what it has copied.`,
        );
      }
      if (!noticed) onNotice(`${they} on this database: stop them now; the rest takes seconds.`);
      await delay(ASK_AGAIN_MS);
      await meanwhile();
    }
  };

const isAdoptionOpen = async (session: Queryable): Promise<boolean> => {
  const [adopted] = await session.query<{ found: boolean }>({
    text: `SELECT to_regclass('latchkey_adoption.state') IS NOT NULL AS found`,
  });
  if (adopted?.found !== true) return false;
  const [state] = await session.query<{ phase: string }>({
    text: 'SELECT phase FROM latchkey_adoption.state',
  });
  return state?.phase !== 'finished';
};

const requireMovable = async (session: Queryable, to: LogLocation): Promise<void> => {
  if ((await readLogLocation(session)) === to) {
    throw new LogCopyRefused(`The event log is in ${names[to]} already.`);
  }
  if (await isAdoptionOpen(session)) {
    throw new LogCopyRefused(
      'The adoption of this database can still be rolled back, which needs its log: run latchkey adopt finish first.',
    );
  }
};

/**
 * Copies the event log between PostgreSQL and EventStoreDB and moves it there. One copy runs at a
 * time.
 * @throws LogCopyRefused when the log cannot be moved; it then stays where it is
 */
export const createLogCopy = ({
  database,
  eventStoreDb,
  drainMilliseconds = DRAIN_MS,
}: Dependencies): CopyLog => {
  const { checkpoint, store } = eventStoreDb;
  const { client, reading } = refuseWhenUnavailable(eventStoreDb);
  const parts = { database, client, reading, checkpoint };
  const target = createLogCopyTarget({ client, reading });
  const copyToEventStoreDb = createCopyToEventStoreDb({ ...parts, target });
  const copyToPostgres = createCopyToPostgres({ ...parts, store, drainMilliseconds });

  return (to, waitSeconds, watch) =>
    database.session(async (session) => {
      const startedAt = performance.now();
      if (!(await takeLock(session, COPYING_LOCK))) {
        throw new LogCopyRefused('The event log is being copied already.');
      }
      await requireMovable(session, to);
      const moved =
        to === 'eventstoredb'
          ? await copyToEventStoreDb(session, watch)
          : await copyToPostgres(session, takeLeaseFrom(session, waitSeconds, watch), watch);
      return { to, ...moved, milliseconds: performance.now() - startedAt };
    });
};
