import { createHash } from 'node:crypto';
import { inject } from 'vitest';

type Settings = Readonly<Record<string, string>>;

/** LATCHKEY_TEST_STORE decides where the log of this run is: `postgres`, the default, or `eventstoredb`. */
export const isInEventStoreDb = (): boolean => process.env.LATCHKEY_TEST_STORE === 'eventstoredb';

const startDouble = async (name: string): Promise<string> => {
  const { host } = inject('eventStores');
  if (host === undefined) throw new TypeError('nothing hosts doubles in this run');
  return (await fetch(`${host}/${name}`)).text();
};

/** What a process is told of the EventStoreDB next to its database; nothing where there is none. */
export const eventStoreBeside = async (database: string): Promise<Settings> => {
  if (!isInEventStoreDb()) return {};
  // Begins with a letter; no two databases have the same.
  const name = `t${createHash('sha256').update(database).digest('hex').slice(0, 16)}`;
  const url = inject('eventStores').server ?? (await startDouble(name));
  return { EVENTSTOREDB_URL: url, LATCHKEY_EVENTSTOREDB_PREFIX: name };
};

/** @param environment of a process; it may say itself where its log is */
export const eventStoreSettings = async (environment: Settings): Promise<Settings> => {
  const { DATABASE_URL, LATCHKEY_DATA_DIR, EVENTSTOREDB_URL } = environment;
  const database = DATABASE_URL ?? LATCHKEY_DATA_DIR;
  return database === undefined || EVENTSTOREDB_URL !== undefined ? {} : eventStoreBeside(database);
};
