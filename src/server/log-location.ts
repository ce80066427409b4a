import { setTimeout as delay } from 'node:timers/promises';
import type { EventStoreDb } from '../adapters/event-store/eventstoredb/eventstoredb.ts';
import type { Queryable } from '../adapters/postgres/connection/connection.ts';
import type { LogLease } from '../application/event-log/log-lease.ts';
import { ApplicationError } from '../application/kernel/errors.ts';
import { tokens } from '../composition/system-tokens.ts';
import { StartupFailure } from './health/startup-failure.ts';
import type { System } from './open-system.ts';

type LogLocation = 'postgres' | 'eventstoredb';

const LEASE_WITHIN_MS = 10_000;

const MOVED_AWAY =
  'The event log of this database is in EventStoreDB: set EVENTSTOREDB_URL (and LATCHKEY_EVENTSTOREDB_PREFIX, if it has one). With it set, latchkey events copy --from eventstoredb --to postgres moves the log back.';
const IN_POSTGRES =
  'The event log of this database is in PostgreSQL: run latchkey events copy --from postgres --to eventstoredb.';
const UNKNOWN =
  'The event store lacks events that this database has indexed. Check EVENTSTOREDB_URL and LATCHKEY_EVENTSTOREDB_PREFIX: if one is wrong, correct it; nothing else is needed. Only if an older backup of the event store was restored on purpose, run latchkey projections rebuild --restored.';

const readLogLocation = async (connection: Queryable, locking = ''): Promise<LogLocation> => {
  const text = `SELECT home FROM event_log ${locking}`;
  const [row] = await connection.query<{ home: LogLocation }>({ text });
  return row?.home ?? 'postgres';
};

const hasStreams = async (connection: Queryable): Promise<boolean> => {
  const rows = await connection.query({ text: 'SELECT FROM streams LIMIT 1' });
  return rows.length > 0;
};

/** Names the event store in the failure, which would otherwise name the database. */
const requireAnswer = async ({ client }: EventStoreDb): Promise<void> => {
  try {
    await client.ping();
  } catch (cause) {
    if (!(cause instanceof ApplicationError)) throw cause;
    throw new StartupFailure('The event store does not answer: check EVENTSTOREDB_URL.', { cause });
  }
};

/** Places the log of an empty database in the configured event store, which must be empty too. */
const initialiseLog = async (connection: Queryable, eventStoreDb: EventStoreDb): Promise<void> => {
  // One process at a time: a second one would find the streams that the first has written.
  if ((await readLogLocation(connection, 'FOR UPDATE')) === 'eventstoredb') return;
  if (await hasStreams(connection)) {
    throw new StartupFailure(IN_POSTGRES);
  }
  await requireAnswer(eventStoreDb);
  if (!(await eventStoreDb.client.isEmpty())) {
    throw new StartupFailure(
      'The event store already holds the log of another database: restore the backup of that database, or set another LATCHKEY_EVENTSTOREDB_PREFIX.',
    );
  }
  await connection.query({ text: `UPDATE event_log SET home = 'eventstoredb', since = now()` });
};

/** Takes the lease: the log is not moved while it is held. @throws StartupFailure */
export const leaseLog = async ({ get }: System): Promise<void> => {
  if (await get(tokens.logLease).start()) return;
  throw new StartupFailure(
    'The event log is being moved: start again when latchkey events copy has finished.',
  );
};

/** Waits for the lease, which may have read the location before the log was initialised. */
const untilLeased = async ({ isHeld }: LogLease): Promise<void> => {
  for (const deadline = performance.now() + LEASE_WITHIN_MS; !isHeld(); ) {
    if (performance.now() > deadline)
      throw new StartupFailure('The event log was moved during the start: start again.');
    await delay(20);
  }
};

/** Initialises a new log. @throws StartupFailure when the log is in another location */
export const requireLogLocation = async ({ get }: System): Promise<void> => {
  const database = get(tokens.database);
  const eventStoreDb = get(tokens.eventStoreDb);
  const location = await readLogLocation(database);
  if (eventStoreDb !== undefined && location === 'postgres') {
    await database.transaction((connection) => initialiseLog(connection, eventStoreDb));
  }
  if (eventStoreDb !== undefined) await untilLeased(get(tokens.logLease));
  if (eventStoreDb !== undefined && location === 'eventstoredb') await requireAnswer(eventStoreDb);
  if (eventStoreDb === undefined && location === 'eventstoredb')
    throw new StartupFailure(MOVED_AWAY);
};

type LastIndexed = Readonly<{ event_id: string; stream_id: string; event_number: string }>;

const isKnownLog = async (connection: Queryable, { client }: EventStoreDb): Promise<boolean> => {
  const [last] = await connection.query<LastIndexed>({
    text: `SELECT event_id, stream_id, event_number FROM event_index
      ORDER BY position DESC LIMIT 1`,
  });
  if (last === undefined) return true;
  const kept = await client.readEvent(last.stream_id, BigInt(last.event_number));
  return kept?.id === last.event_id;
};

/**
 * Refuses an event store that lacks the last event this database has indexed (another cluster or
 * prefix, an older backup): a rebuild from it would remove users and their rows.
 * @throws StartupFailure
 */
export const requireKnownLog = async ({ get }: System): Promise<void> => {
  const eventStoreDb = get(tokens.eventStoreDb);
  if (eventStoreDb === undefined) return;
  if (!(await isKnownLog(get(tokens.database), eventStoreDb))) throw new StartupFailure(UNKNOWN);
};

/** Refuses to copy the log of another database into this one. @throws StartupFailure */
export const requireOwnLog = async (system: System): Promise<void> => {
  if ((await readLogLocation(system.get(tokens.database))) === 'eventstoredb')
    await requireKnownLog(system);
};

/** Describes what `requireLogLocation` would refuse; changes nothing. Undefined: no problem. */
export const problemWithLog = async ({ get }: System): Promise<string | undefined> => {
  const database = get(tokens.database);
  const eventStoreDb = get(tokens.eventStoreDb);
  const location = await readLogLocation(database);
  if (eventStoreDb === undefined) return location === 'eventstoredb' ? MOVED_AWAY : undefined;
  if (location === 'postgres') return (await hasStreams(database)) ? IN_POSTGRES : undefined;
  return (await isKnownLog(database, eventStoreDb)) ? undefined : UNKNOWN;
};
