import { createHash } from 'node:crypto';
import { inject } from 'vitest';

type Settings = Readonly<Record<string, string>>;

/** Location of the log in this run: LATCHKEY_TEST_STORE, by default `postgres`. */
export const isInEventStoreDb = (): boolean => process.env.LATCHKEY_TEST_STORE === 'eventstoredb';

const startDouble = async (name: string): Promise<string> => {
  const { host } = inject('eventStores');
  if (host === undefined) throw new TypeError('nothing hosts doubles in this run');
  return (await fetch(`${host}/${name}`)).text();
};

/** The EventStoreDB variables for a process and its database; empty with the log in PostgreSQL. */
export const eventStoreBeside = async (database: string): Promise<Settings> => {
  if (!isInEventStoreDb()) return {};
  // Begins with a letter and is unique for each database.
  const name = `t${createHash('sha256').update(database).digest('hex').slice(0, 16)}`;
  const url = inject('eventStores').server ?? (await startDouble(name));
  return { EVENTSTOREDB_URL: url, LATCHKEY_EVENTSTOREDB_PREFIX: name };
};

/** The EventStoreDB variables to add to an environment; none where it sets them itself. */
export const eventStoreSettings = async (environment: Settings): Promise<Settings> => {
  const { DATABASE_URL, LATCHKEY_DATA_DIR, EVENTSTOREDB_URL } = environment;
  const database = DATABASE_URL ?? LATCHKEY_DATA_DIR;
  return database === undefined || EVENTSTOREDB_URL !== undefined ? {} : eventStoreBeside(database);
};
