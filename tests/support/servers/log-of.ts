import { createEventStoreDbClient } from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import { toLogged } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-event-format.ts';
import type { StoredEvent } from '../../../src/adapters/event-store/stored-event.ts';
import type { Database } from '../../../src/adapters/postgres/connection/connection.ts';
import { streamCategories, streamName } from '../../../src/application/kernel/event-store.ts';
import { eventStoreBeside } from './test-event-store.ts';

/** A stored event. `revision` counts the valid events of its stream. */
export type KeptRow = StoredEvent & Readonly<{ stream: string; revision: bigint }>;

type Row = StoredEvent & Readonly<{ stream: string; revision: string }>;
type Settings = Readonly<Record<string, string>>;

const ALL = `SELECT e.stream_id AS stream, e.revision::text, e.event_id AS "eventId", e.type,
  e.schema_version AS "schemaVersion", e.data, e.metadata FROM events AS e
  ORDER BY e.transaction_id, e.global_position`;

const inPostgres = async (database: Database): Promise<readonly KeptRow[]> => {
  const rows = await database.query<Row>({ text: ALL });
  return rows.map((row) => ({ ...row, revision: BigInt(row.revision) }));
};

const inEventStoreDb = async (url: string, prefix: string): Promise<readonly KeptRow[]> => {
  const client = createEventStoreDbClient({
    url,
    prefix,
    categories: [...streamCategories, 'transaction'],
  });
  const kept = [];
  try {
    for await (const page of client.readLog(undefined)) kept.push(...page);
  } finally {
    await client.close();
  }
  const committed = new Set(
    kept.filter(({ type }) => type === 'TransactionCommitted').map(({ stream }) => stream),
  );
  return kept
    .filter(({ stream }) => !stream.startsWith('transaction-'))
    .map(toLogged)
    .filter(
      ({ transaction }) => transaction === undefined || committed.has(`transaction-${transaction}`),
    )
    .map(({ stored, stream, revision }) => ({ ...stored, stream: streamName(stream), revision }));
};

/**
 * Reads the whole log of an installation in order, from either store, without aborted events.
 * @param settings of the installation; by default those of the test run
 */
export const logOf = async (
  database: Database,
  settings?: Settings,
): Promise<readonly KeptRow[]> => {
  const { EVENTSTOREDB_URL: url, LATCHKEY_EVENTSTOREDB_PREFIX: prefix = '' } =
    settings ?? (await eventStoreBeside(database.connectionString));
  return url === undefined ? inPostgres(database) : inEventStoreDb(url, prefix);
};

/** The events of a stream, the oldest first. */
export const typesIn = (log: readonly KeptRow[], stream: string): readonly string[] =>
  log.filter((event) => event.stream === stream).map(({ type }) => type);

/** Counts events by type: `{ UserRegistered: 2 }`. */
export const countTypes = (
  log: readonly Pick<KeptRow, 'type'>[],
): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { type } of log) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};

/** The events of the account that has the address now, the oldest first. */
export const userEvents = async (
  database: Database,
  email: string,
): Promise<readonly KeptRow[]> => {
  const [user] = await database.query<{ id: string }>({
    text: 'SELECT id FROM users WHERE email = $1',
    values: [email],
  });
  const log = await logOf(database);
  return log.filter(({ stream }) => stream === `user-${user?.id}`);
};
