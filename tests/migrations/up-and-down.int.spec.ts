import knexPkg from 'knex';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  knexConfiguration,
  migrateDown,
  migrateUp,
  migrationSource,
  migrationStatus,
} from '../../src/adapters/postgres/connection/migrations.ts';
import { describeSchema, schemaNames } from '../support/adopting/database-description.ts';
import { type OpenDatabase, openEmptyDatabase } from '../support/servers/open-database.ts';

const NAMES = (await migrationSource.getMigrations([])).map(({ file }) => file);
const NEWEST_FIRST = [...NAMES].reverse();

let database: OpenDatabase;
let url: string;

beforeEach(async () => {
  database = await openEmptyDatabase();
  url = database.connectionString;
});
afterEach(() => database?.drop());

const tables = async () =>
  (
    await database.sql<{ tablename: string }>(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
    )
  ).map(({ tablename }) => tablename);

const HISTORY = ['latchkey_migrations', 'latchkey_migrations_lock'];

/** Applies only the next migration. */
const migrateOneUp = async (): Promise<readonly string[]> => {
  const knex = knexPkg(knexConfiguration(url));
  try {
    const [, names] = (await knex.migrate.up()) as [number, string[]];
    return names;
  } finally {
    await knex.destroy();
  }
};

describe('an empty database', () => {
  it('gets every migration in order, once', async () => {
    expect(await migrationStatus(url)).toStrictEqual({ applied: [], pending: NAMES });
    expect(await migrateUp(url)).toStrictEqual(NAMES);
    expect(await migrateUp(url)).toStrictEqual([]);
    expect(await migrationStatus(url)).toStrictEqual({ applied: NAMES, pending: [] });
  });

  it('gets every table, and starts with projections that are current', async () => {
    await migrateUp(url);
    expect(await tables()).toStrictEqual([
      'accounts',
      'categories',
      'development_mails',
      'event_index',
      'event_log',
      'events',
      'evidence_keys',
      'household_invitations',
      'household_members',
      'households',
      'identifier_claims',
      'invitation_addresses',
      ...HISTORY,
      'log_checkpoint_streams',
      'log_checkpoints',
      'mail_queue',
      'payees',
      'policy_checkpoints',
      'projection_checkpoints',
      'projector_checkpoints',
      'rate_limits',
      'refresh_tokens',
      'resource_servers',
      'revoked_tokens',
      'sessions',
      'signing_keys',
      'streams',
      'subject_keys',
      'tasks',
      'tokens',
      'transactions',
      'users',
    ]);
    expect(
      await database.sql('SELECT projection, status FROM projection_checkpoints'),
    ).toStrictEqual([{ projection: 'inline', status: 'current' }]);
  });

  it('gets each migration once when several processes start together', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrateUp(url)));
    expect(runs.filter((names) => names.length > 0)).toStrictEqual([NAMES]);
    expect(await migrationStatus(url)).toStrictEqual({ applied: NAMES, pending: [] });
  });

  it('has no migration to revert', async () => {
    expect(await migrateDown(url, true)).toStrictEqual([]);
    expect(await migrateDown(url, false)).toStrictEqual([]);
  });
});

describe('a migrated database without data', () => {
  it('keeps no object of Latchkey when all migrations are reverted', async () => {
    await migrateUp(url);
    expect(await migrateDown(url, true)).toStrictEqual(NEWEST_FIRST);
    expect(await tables()).toStrictEqual(HISTORY);
    expect(await describeSchema(database)).toStrictEqual([]);
    expect(await schemaNames(database)).toStrictEqual(['public']);
  });

  it('is the same when it is migrated again', async () => {
    await migrateUp(url);
    const before = await describeSchema(database);
    await migrateDown(url, true);
    expect(await migrateUp(url)).toStrictEqual(NAMES);
    expect(await describeSchema(database)).toStrictEqual(before);
  });

  it('loses by each reverted migration exactly what it had added', async () => {
    const schemas = [await describeSchema(database)];
    for (const name of NAMES) {
      expect(await migrateOneUp()).toStrictEqual([name]);
      schemas.push(await describeSchema(database));
    }
    for (const [index, name] of NEWEST_FIRST.entries()) {
      const above = schemas.at(-1 - index);
      const below = schemas.at(-2 - index);
      expect(below).not.toStrictEqual(above);
      expect(await migrateDown(url, false)).toStrictEqual([name]);
      expect(await describeSchema(database)).toStrictEqual(below);
      await migrateOneUp();
      expect(await describeSchema(database)).toStrictEqual(above);
      await migrateDown(url, false);
    }
  });

  it('keeps tables of other applications', async () => {
    await database.sql('CREATE TABLE theirs (id integer PRIMARY KEY)');
    const before = await describeSchema(database);
    await migrateUp(url);
    await migrateDown(url, true);
    expect(await describeSchema(database)).toStrictEqual(before);
  });
});

describe('when the database is unavailable', () => {
  it('migrating up, down and the status fail with service_unavailable', async () => {
    const away = 'postgresql://someone@127.0.0.1:1/nothing';
    const unavailable = { name: 'ApplicationError', code: 'service_unavailable' };
    await expect(migrateUp(away)).rejects.toMatchObject(unavailable);
    await expect(migrateDown(away, true)).rejects.toMatchObject(unavailable);
    await expect(migrationStatus(away)).rejects.toMatchObject(unavailable);
  });
});
