import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type EventStoreDouble,
  startEventStoreDouble,
} from '../support/event-store-double/event-store-double.ts';
import { createHttpClient } from '../support/servers/http-client.ts';
import {
  type Environment,
  freePort,
  newMasterKey,
  runLatchkey,
  startServerProcess,
} from '../support/servers/latchkey-process.ts';
import { type OpenDatabase, openTestDatabase } from '../support/servers/open-database.ts';
import { takeServed } from '../support/servers/served-databases.ts';

// Each test starts several processes.
vi.setConfig({ testTimeout: 120_000 });

let double: EventStoreDouble;
let database: OpenDatabase;
let inPostgres: Environment;
let inEventStoreDb: Environment;
beforeEach(async () => {
  double = await startEventStoreDouble();
  database = await openTestDatabase();
  inPostgres = {
    DATABASE_URL: database.connectionString,
    LATCHKEY_MASTER_KEY: newMasterKey(),
    LATCHKEY_LOG_LEVEL: 'silent',
    PORT: String(await freePort()),
  };
  inEventStoreDb = {
    ...inPostgres,
    EVENTSTOREDB_URL: double.connectionString,
    LATCHKEY_EVENTSTOREDB_PREFIX: 'home.',
  };
});
afterEach(async () => {
  await database?.drop();
  await double?.stop();
});

/** Starts a server, registers a user and stops the server. */
const serve = async (environment: Environment): Promise<void> => {
  const server = await startServerProcess(environment);
  const client = createHttpClient(server.url);
  await client.signUp();
  client.close();
  expect(await server.stop()).toBe(0);
};

/** Starts a server that must not serve. @returns the sentence it exits with */
const refusal = async (environment: Environment): Promise<string> => {
  const { code, stdout, stderr } = await runLatchkey(['serve'], environment);
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: '' });
  return stderr.trim();
};

const home = async () => (await database.sql('SELECT home FROM event_log'))[0];

describe('a database without a log', () => {
  it('places its log in the configured store, and is served there again', async () => {
    await serve(inEventStoreDb);
    expect(await home()).toStrictEqual({ home: 'eventstoredb' });
    expect(await database.sql('SELECT FROM events')).toStrictEqual([]);
    expect(double.events().filter(({ type }) => type === 'UserRegistered')).toHaveLength(1);
    await serve(inEventStoreDb);
    expect(double.events().filter(({ type }) => type === 'UserRegistered')).toHaveLength(2);
  });

  it('does not place its log beside that of another database, but does under another prefix', async () => {
    await serve(inEventStoreDb);
    const fresh = await openTestDatabase();
    try {
      const theirs = { ...inEventStoreDb, DATABASE_URL: fresh.connectionString };
      expect(await refusal(theirs)).toBe(
        'The event store already holds the log of another database: restore the backup of that database, or set another LATCHKEY_EVENTSTOREDB_PREFIX.',
      );
      expect(await fresh.sql('SELECT home FROM event_log')).toStrictEqual([{ home: 'postgres' }]);
      await serve({ ...theirs, LATCHKEY_EVENTSTOREDB_PREFIX: 'other.' });
    } finally {
      await fresh.drop();
    }
  });
});

describe('a database whose log is in PostgreSQL', () => {
  it('is not served with EVENTSTOREDB_URL', async () => {
    await serve(inPostgres);
    expect(await refusal(inEventStoreDb)).toBe(
      'The event log of this database is in PostgreSQL: run latchkey events copy --from postgres --to eventstoredb.',
    );
    expect(await home()).toStrictEqual({ home: 'postgres' });
    expect(double.events()).toStrictEqual([]);
    await serve(inPostgres);
  });
});

describe('a database whose log is in EventStoreDB', () => {
  beforeEach(() => serve(inEventStoreDb));

  it('is not served without EVENTSTOREDB_URL', async () => {
    expect(await refusal(inPostgres)).toBe(
      'The event log of this database is in EventStoreDB: set EVENTSTOREDB_URL (and LATCHKEY_EVENTSTOREDB_PREFIX, if it has one). With it set, latchkey events copy --from eventstoredb --to postgres moves the log back.',
    );
    expect(await database.sql('SELECT FROM events')).toStrictEqual([]);
  });

  const UNKNOWN =
    'The event store lacks events that this database has indexed. Check EVENTSTOREDB_URL and LATCHKEY_EVENTSTOREDB_PREFIX: if one is wrong, correct it; nothing else is needed. Only if an older backup of the event store was restored on purpose, run latchkey projections rebuild --restored.';

  it('is not served with another store', async () => {
    const other = await startEventStoreDouble();
    const environment = { ...inEventStoreDb, EVENTSTOREDB_URL: other.connectionString };
    expect(await refusal(environment)).toBe(UNKNOWN);
    expect(other.events()).toStrictEqual([]);
    await other.stop();
  });

  it('is not served with another prefix', async () => {
    const environment = { ...inEventStoreDb, LATCHKEY_EVENTSTOREDB_PREFIX: 'other.' };
    expect(await refusal(environment)).toBe(UNKNOWN);
  });

  it('is not served with an older backup of its store', async () => {
    const [last] = await database.sql<{ stream: string }>(
      'SELECT stream_id AS stream FROM event_index ORDER BY position DESC LIMIT 1',
    );
    double.tamper((records) => {
      const kept = records.filter(({ stream }) => stream !== `home.${last?.stream}`);
      records.splice(0, records.length, ...kept);
    });
    expect(await refusal(inEventStoreDb)).toBe(UNKNOWN);
    // The tables now have events that the store lacks.
    takeServed(database.connectionString);
  });

  it('is not served while its store does not answer', async () => {
    await double.pause();
    expect(await refusal(inEventStoreDb)).toBe(
      'The event store does not answer: check EVENTSTOREDB_URL.',
    );
    await double.resume();
    await serve(inEventStoreDb);
  });
});
