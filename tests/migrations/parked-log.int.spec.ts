import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/connection/connection.ts';
import {
  migrateDown,
  migrateUp,
  migrationStatus,
} from '../../src/adapters/postgres/connection/migrations.ts';
import { projectedTables } from '../../src/application/projections/projected-tables.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import { describeSchema, dumpRows, schemaNames } from '../support/adopting/database-description.ts';
import { newAccount } from '../support/identity/new-account.ts';
import { eventually } from '../support/kernel/eventually.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../support/servers/composed-system.ts';
import { PASSWORD } from '../support/servers/http-client.ts';

const KEPT = ['events', 'signing_keys', 'streams', 'subject_keys'];
const PARKED = 'latchkey_parked';

let system: ComposedSystem;
let database: Database;
let url: string;

beforeEach(async () => {
  system = await openComposedSystem();
  database = system.get(tokens.database);
  url = system.connectionString;
});
afterEach(() => system?.close());

const dump = async (tables: readonly string[]) =>
  Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [table, await dumpRows(database, table)] as const),
    ),
  );

/** The log, the keys, and the log's position sequence. */
const kept = async (schema = 'public') => ({
  rows: Object.values(await dump(KEPT.map((table) => `${schema}.${table}`))),
  positions: await dumpRows(database, `${schema}.events_global_position`),
});

const projections = async () =>
  Object.fromEntries(
    await Promise.all(
      projectedTables.map(
        async ({ name, columns }) => [name, await dumpRows(database, name, columns)] as const,
      ),
    ),
  );

const http = () => system.get(tokens.http);
const status = () => system.get(tokens.projections).status();
const rebuild = () => system.get(tokens.projections).rebuild(allTables, () => undefined);

/** A user with a used session and an ended one. */
const useService = async () => {
  const { input, username } = newAccount();
  const { user, refreshToken } = await http().registration.registerUser(input, visitor);
  const { refreshToken: latest } = await http().rotateRefreshToken(refreshToken, visitor);
  const other = await http().signIn({ identifier: username, password: PASSWORD }, visitor);
  await http().endSession({ userId: user.id, sessionId: other.sessionId }, visitor);
  return { userId: user.id, username, refreshToken: latest };
};

describe('a log with events', () => {
  it('is parked byte for byte while all other tables are dropped', async () => {
    await useService();
    const before = await kept();
    await migrateDown(url, true);
    expect(await describeSchema(database)).toStrictEqual([]);
    expect(await schemaNames(database)).toStrictEqual([PARKED, 'public']);
    expect(await kept(PARKED)).toStrictEqual(before);
  });

  it('is restored byte for byte by the next migration, in its schema', async () => {
    await useService();
    const before = await kept();
    const schema = await describeSchema(database);
    for (const round of [1, 2]) {
      await migrateDown(url, true);
      await migrateUp(url);
      expect({ round, ...(await kept()) }).toStrictEqual({ round, ...before });
      expect(await describeSchema(database)).toStrictEqual(schema);
      expect(await schemaNames(database)).toStrictEqual(['public']);
    }
  });

  it('marks projections as incomplete until they are rebuilt', async () => {
    await useService();
    await useService();
    const before = await projections();
    expect(await status()).toMatchObject({ status: 'current' });
    await migrateDown(url, true);
    await migrateUp(url);

    const between = await status();
    expect(between).toMatchObject({ status: 'rebuild_required' });
    expect(Object.values(between.rows)).toStrictEqual(allTables.map(() => 0));

    const { events } = await rebuild();
    expect(events).toBe(between.events);
    expect(await projections()).toStrictEqual(before);
    expect(await status()).toMatchObject({ status: 'current' });
  });

  it('accepts appends after its last event', async () => {
    const { username, refreshToken } = await useService();
    await migrateDown(url, true);
    await migrateUp(url);
    await rebuild();
    const log = await positions();

    await http().rotateRefreshToken(refreshToken, visitor);
    await http().signIn({ identifier: username, password: PASSWORD }, visitor);
    await useService();
    const longer = await positions();
    expect(longer.slice(0, log.length)).toStrictEqual(log);
    const highest = Math.max(...log);
    const added = longer.slice(log.length);
    expect(added.length).toBeGreaterThan(3);
    expect(added.every((position) => position > highest)).toBe(true);
    const { drift } = await system.get(tokens.projections).verify(allTables, () => undefined);
    expect(drift).toStrictEqual([]);
  });

  it('stays in place when only later migrations are reverted', async () => {
    await useService();
    const before = await kept();
    const rows = await projections();
    const { applied } = await migrationStatus(url);
    for (const younger of applied.slice(1).reverse()) {
      expect(await migrateDown(url, false)).toStrictEqual([younger]);
    }
    expect(await schemaNames(database)).toStrictEqual(['public']);
    expect(await kept()).toStrictEqual(before);
    await migrateUp(url);
    expect(await kept()).toStrictEqual(before);
    expect(await status()).toMatchObject({ status: 'rebuild_required' });
    await rebuild();
    expect(await projections()).toStrictEqual(rows);
  });
});

/** Reads events in commit order. */
const positions = async () =>
  (
    await system.sql<{ position: string }>(
      `SELECT global_position AS position FROM events ORDER BY transaction_id, global_position`,
    )
  ).map(({ position }) => Number(position));

describe('signing keys without any event', () => {
  it('are parked as well, and projections stay current', async () => {
    const before = await kept();
    expect(await dumpRows(database, 'signing_keys')).toHaveLength(2);
    await migrateDown(url, true);
    expect(await kept(PARKED)).toStrictEqual(before);
    await migrateUp(url);
    expect(await kept()).toStrictEqual(before);
    expect(await status()).toMatchObject({ status: 'current', events: 0 });
  });
});

describe('an append that runs while the log is parked', () => {
  it('is awaited and not lost', async () => {
    await system.sql('TRUNCATE signing_keys');
    const parked = await database.transaction(async (connection) => {
      await connection.query({
        text: `INSERT INTO streams (stream_id, revision, last_xid, chain)
          VALUES ('user-1', 0, pg_current_xact_id(), '')`,
      });
      const down = migrateDown(url, true);
      await eventually(async () => {
        const waiting = await system.sql(`SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`);
        return waiting.length > 0;
      }, 'the migration waits');
      return { down };
    });
    await parked.down;
    expect(await schemaNames(database)).toStrictEqual([PARKED, 'public']);
    expect(await dumpRows(database, `${PARKED}.streams`)).toHaveLength(1);
  });
});

describe('a table of another application in the schema of parked tables', () => {
  it('stays in that schema', async () => {
    await migrateDown(url, true);
    await system.sql(`CREATE TABLE ${PARKED}.theirs (id integer)`);
    await migrateUp(url);
    expect(await schemaNames(database)).toStrictEqual([PARKED, 'public']);
    expect(await describeSchema(database, PARKED)).toHaveLength(2);
    await migrateDown(url, true);
    await migrateUp(url);
    expect(await dumpRows(database, `${PARKED}.theirs`)).toStrictEqual([]);
  });
});
