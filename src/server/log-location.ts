import { setTimeout as delay } from 'node:timers/promises';
import type { EventStoreDb } from '../adapters/event-store/eventstoredb/eventstoredb.ts';
import type { Queryable } from '../adapters/postgres/connection/connection.ts';
import type { LogLease } from '../application/event-log/log-lease.ts';
import { ApplicationError } from '../application/kernel/errors.ts';
import { tokens } from '../composition/system-tokens.ts';
import { StartupFailure } from './health/startup-failure.ts';
import type { System } from './open-system.ts';

type LogLocation = 'postgres' | 'eventstoredb';

const LOOK_AGAIN_WITHIN_MS = 10_000;

const MOVED_AWAY =
  'The event log of this database is in EventStoreDB: set EVENTSTOREDB_URL (and LATCHKEY_EVENTSTOREDB_PREFIX, if it has one), and with it bring the log back by latchkey events copy --from eventstoredb --to postgres if that is what you want.';
const IN_POSTGRES =
  'The event log of this database is in PostgreSQL: run latchkey events copy --from postgres --to eventstoredb.';
const UNKNOWN =
  'The event store does not hold what this database knows of it. Is EVENTSTOREDB_URL or LATCHKEY_EVENTSTOREDB_PREFIX wrong? Then correct it, and nothing else is needed. Only if an older backup of the store was restored on purpose: latchkey projections rebuild --restored.';

const readLogLocation = async (connection: Queryable, locking = ''): Promise<LogLocation> => {
  const text = `SELECT home FROM event_log ${locking}`;
  const [row] = await connection.query<{ home: LogLocation }>({ text });
  return row?.home ?? 'postgres';
};

const hasStreams = async (connection: Queryable): Promise<boolean> => {
  const rows = await connection.query({ text: 'SELECT FROM streams LIMIT 1' });
  return rows.length > 0;
};

/** Neither the database's fault nor its to tell. */
const requireAnswer = async ({ client }: EventStoreDb): Promise<void> => {
  try {
    await client.ping();
  } catch (cause) {
    if (!(cause instanceof ApplicationError)) throw cause;
    throw new StartupFailure('The event store does not answer: see EVENTSTOREDB_URL.', { cause });
  }
};

/** A database without a log takes whatever store it is given, as long as nobody's log is in there. */
const initialiseLog = async (connection: Queryable, eventStoreDb: EventStoreDb): Promise<void> => {
  // One process at a time: the second one would find what the first one has written.
  if ((await readLogLocation(connection, 'FOR UPDATE')) === 'eventstoredb') return;
  if (await hasStreams(connection)) {
    throw new StartupFailure(IN_POSTGRES);
  }
  await requireAnswer(eventStoreDb);
  if (!(await eventStoreDb.client.isEmpty())) {
    throw new StartupFailure(
      'The event store holds a log already, but this database does not know it and has no keys to it: restore the backup of the database, or set another LATCHKEY_EVENTSTOREDB_PREFIX.',
    );
  }
  await connection.query({ text: `UPDATE event_log SET home = 'eventstoredb', since = now()` });
};

/** Before anything is appended: nobody moves the log meanwhile. @throws StartupFailure */
export const leaseLog = async ({ get }: System): Promise<void> => {
  if (await get(tokens.logLease).start()) return;
  throw new StartupFailure(
    'The event log is being moved: start again when latchkey events copy is done.',
  );
};

/** The hold may have looked before the home was settled: nothing is appended until it looks again. */
const untilLeased = async ({ isHeld }: LogLease): Promise<void> => {
  for (const deadline = performance.now() + LOOK_AGAIN_WITHIN_MS; !isHeld(); ) {
    if (performance.now() > deadline)
      throw new StartupFailure('The event log was moved meanwhile.');
    await delay(20);
  }
};

/** @throws StartupFailure when the log is not where the configuration says */
export const requireLogLocation = async ({ get }: System): Promise<void> => {
  const database = get(tokens.database);
  const eventStoreDb = get(tokens.eventStoreDb);
  const home = await readLogLocation(database);
  if (eventStoreDb !== undefined && home === 'postgres') {
    await database.transaction((connection) => initialiseLog(connection, eventStoreDb));
  }
  if (eventStoreDb !== undefined) await untilLeased(get(tokens.logLease));
  if (eventStoreDb !== undefined && home === 'eventstoredb') await requireAnswer(eventStoreDb);
  if (eventStoreDb === undefined && home === 'eventstoredb') throw new StartupFailure(MOVED_AWAY);
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
 * The wrong cluster or prefix, or an older backup: what is written there is another history, and a
 * rebuild from it takes everybody away, and what belongs to them. @throws StartupFailure
 */
export const requireKnownLog = async ({ get }: System): Promise<void> => {
  const eventStoreDb = get(tokens.eventStoreDb);
  if (eventStoreDb === undefined) return;
  if (!(await isKnownLog(get(tokens.database), eventStoreDb))) throw new StartupFailure(UNKNOWN);
};

/** Before the log is brought home: another installation's is not taken in. @throws StartupFailure */
export const requireOwnLog = async (system: System): Promise<void> => {
  if ((await readLogLocation(system.get(tokens.database))) === 'eventstoredb')
    await requireKnownLog(system);
};

/** The same to be told, not refused; changes nothing. Undefined: the log is where it should be. */
export const problemWithLog = async ({ get }: System): Promise<string | undefined> => {
  const database = get(tokens.database);
  const eventStoreDb = get(tokens.eventStoreDb);
  const home = await readLogLocation(database);
  if (eventStoreDb === undefined) return home === 'eventstoredb' ? MOVED_AWAY : undefined;
  if (home === 'postgres') return (await hasStreams(database)) ? IN_POSTGRES : undefined;
  return (await isKnownLog(database, eventStoreDb)) ? undefined : UNKNOWN;
};
