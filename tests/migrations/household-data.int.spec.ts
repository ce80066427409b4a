import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import knexPkg from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkHouseholdData } from '../../migrations/support/link-household-data.ts';
import {
  scopeToHousehold,
  unscopeFromHousehold,
} from '../../migrations/support/scope-to-household.ts';
import { createIsolationCheck } from '../../src/adapters/household-data/isolation-check.ts';
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../src/adapters/managed-postgres/managed-postgres.ts';
import { connectionStringFor } from '../../src/adapters/managed-postgres/managed-postgres-connection.ts';
import {
  createDatabase,
  type Database,
} from '../../src/adapters/postgres/connection/connection.ts';
import {
  knexConfiguration,
  migrateDown,
  migrateUp,
} from '../../src/adapters/postgres/connection/migrations.ts';
import { declaredTables } from '../../src/application/household-data/declared-tables.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import { describeFailure } from '../../src/server/health/startup-failure.ts';
import { describeSchema, dumpRows, schemaNames } from '../support/adopting/database-description.ts';
import { newAccount } from '../support/identity/new-account.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../support/servers/composed-system.ts';
import {
  type OpenDatabase,
  openEmptyDatabase,
  openTestDatabase,
} from '../support/servers/open-database.ts';

const NAMES = declaredTables.map(({ name }) => name);
const MIGRATION = '0008_household_data';

/** Reverts later migrations first. @returns whether the migration was applied */
const revert = async (connectionString: string): Promise<boolean> => {
  for (;;) {
    const names = await migrateDown(connectionString, false);
    if (names.length === 0 || names.includes(MIGRATION)) return names.length > 0;
  }
};

/** Adds one row to each table, in one household, which reference one another. */
const fill = async (
  sql: OpenDatabase['sql'],
  householdId: string,
  userId: string,
  assigneeId = userId,
): Promise<void> => {
  const statements = [
    `INSERT INTO accounts (id, household_id, user_id, name, created_at, updated_at)
      VALUES ('account_1', $1, $2, 'Giro', now(), now())`,
    `INSERT INTO categories (id, household_id, user_id, name, created_at, updated_at)
      VALUES ('category_1', $1, $2, 'Food', now(), now())`,
    `INSERT INTO categories (id, household_id, user_id, name, parent_id, created_at, updated_at)
      VALUES ('category_2', $1, $2, 'Bread', 'category_1', now(), now())`,
    `INSERT INTO payees (id, household_id, user_id, name, created_at, updated_at)
      VALUES ('payee_1', $1, $2, 'Baker', now(), now())`,
    `INSERT INTO transactions (id, household_id, user_id, account_id, amount, occurred_on,
        category_id, payee_id, created_at, updated_at)
      VALUES ('transaction_1', $1, $2, 'account_1', -250, '2026-01-01', 'category_2', 'payee_1',
        now(), now())`,
    `INSERT INTO tasks (id, household_id, user_id, title, assignee_id, created_at, updated_at)
      VALUES ('task_1', $1, $2, 'Buy bread', '${assigneeId}', now(), now())`,
  ];
  for (const statement of statements) await sql(statement, householdId, userId);
};

let system: ComposedSystem;
let url: string;

beforeEach(async () => {
  system = await openComposedSystem();
  url = system.connectionString;
});
afterEach(() => system?.close());

const signUp = async () => {
  const { user } = await system
    .get(tokens.http)
    .registration.registerUser(newAccount().input, visitor);
  return { userId: user.id, householdId: user.household?.id ?? '' };
};

const rows = async () =>
  Object.fromEntries(
    await Promise.all(
      NAMES.map(async (name) => [name, await dumpRows(system.get(tokens.database), name)] as const),
    ),
  );

const count = async () => Object.values(await rows()).map(({ length }) => length);

describe('rows of households', () => {
  it('are complete after all migrations were reverted, applied again, and a rebuild', async () => {
    const { householdId, userId } = await signUp();
    await fill(system.sql, householdId, userId);
    const database = system.get(tokens.database);
    const before = { rows: await rows(), schema: await describeSchema(database) };
    for (const round of [1, 2]) {
      await migrateDown(url, true);
      expect(await schemaNames(database)).toStrictEqual(['latchkey_parked', 'public']);
      expect(await describeSchema(database)).toStrictEqual([]);
      await migrateUp(url);
      expect({ round, rows: await rows() }).toStrictEqual({ round, rows: before.rows });
      await system.get(tokens.projections).rebuild(allTables, () => undefined);
      await system.get(tokens.checkLateReferences)();
      expect(await rows()).toStrictEqual(before.rows);
      expect(await describeSchema(database)).toStrictEqual(before.schema);
      expect(await system.get(tokens.checkIsolation)()).toStrictEqual([]);
    }
  });

  it('are restricted to their household at once, even before its rebuild', async () => {
    const { householdId, userId } = await signUp();
    await fill(system.sql, householdId, userId);
    await migrateDown(url, true);
    await migrateUp(url);
    await expect(system.sql(`UPDATE payees SET household_id = 'hh_other'`)).rejects.toMatchObject({
      code: '23503',
    });
    // Whether the rows comply cannot be checked yet.
    await system.get(tokens.checkLateReferences)();
    const unchecked = `SELECT FROM pg_constraint WHERE NOT convalidated`;
    expect((await system.sql(unchecked)).length).toBeGreaterThanOrEqual(10);
    await system.get(tokens.projections).rebuild(allTables, () => undefined);
    await system.get(tokens.checkLateReferences)();
    expect(await system.sql(unchecked)).toStrictEqual([]);
  });

  it('stay when only their migration is reverted', async () => {
    const { householdId, userId } = await signUp();
    await fill(system.sql, householdId, userId);
    const database = system.get(tokens.database);
    const before = { rows: await rows(), schema: await describeSchema(database) };
    expect(await revert(url)).toBe(true);
    await migrateUp(url);
    expect({ rows: await rows(), schema: await describeSchema(database) }).toStrictEqual(before);
  });

  it('are deleted with their household', async () => {
    const { householdId, userId } = await signUp();
    await fill(system.sql, householdId, userId);
    await system.sql('UPDATE users SET household_id = NULL');
    await system.sql('DELETE FROM households WHERE id = $1', householdId);
    expect(await count()).toStrictEqual([0, 0, 0, 0, 0]);
  });

  it('are deleted with their household in one statement, in any order of rows', async () => {
    const { householdId, userId } = await signUp();
    await fill(system.sql, householdId, userId);
    await system.sql(
      `WITH member AS (DELETE FROM household_members WHERE household_id = $1),
        home AS (UPDATE users SET household_id = NULL)
        DELETE FROM households WHERE id = $1`,
      householdId,
    );
    expect(await count()).toStrictEqual([0, 0, 0, 0, 0]);
  });

  it('outlive the user who created them, except for tasks', async () => {
    const ann = await signUp();
    const { userId } = await signUp();
    await fill(system.sql, ann.householdId, userId, ann.userId);
    await system.sql(
      `WITH home AS (DELETE FROM households WHERE owner_id = $1)
      DELETE FROM users WHERE id = $1`,
      userId,
    );
    expect(await count()).toStrictEqual([1, 2, 1, 1, 0]);
    for (const name of NAMES) {
      expect(await system.sql(`SELECT FROM ${name} WHERE user_id IS NOT NULL`)).toStrictEqual([]);
    }
  });

  it('lose only their assignee when that membership ends', async () => {
    const ann = await signUp();
    await fill(system.sql, ann.householdId, ann.userId);
    await system.sql('DELETE FROM household_members');
    expect(
      await system.sql('SELECT id, household_id, user_id, assignee_id FROM tasks'),
    ).toStrictEqual([
      { id: 'task_1', household_id: ann.householdId, user_id: ann.userId, assignee_id: null },
    ]);
  });

  it('cannot reference rows of another household', async () => {
    const ann = await signUp();
    const ben = await signUp();
    await fill(system.sql, ann.householdId, ann.userId);
    const moved = `INSERT INTO accounts (id, household_id, name, created_at, updated_at)
      VALUES ('account_2', $1, 'Giro', now(), now())`;
    await system.sql(moved, ben.householdId);
    for (const change of [
      `UPDATE transactions SET account_id = 'account_2'`,
      `UPDATE transactions SET household_id = '${ben.householdId}'`,
      `UPDATE tasks SET assignee_id = '${ben.userId}'`,
    ]) {
      await expect(system.sql(change)).rejects.toMatchObject({ code: '23503' });
    }
  });
});

describe('an owner of the database without superuser rights', () => {
  let database: OpenDatabase;
  let role: string;
  beforeEach(async () => {
    database = await openEmptyDatabase();
    role = `owner_${randomBytes(4).toString('hex')}`;
  });
  afterEach(async () => {
    await database?.drop();
    await system.sql(`DROP ROLE ${role}`);
  });

  const become = async (attributes: string): Promise<string> => {
    await database.sql(`CREATE ROLE ${role} LOGIN ${attributes}`);
    const [found] = await database.sql<{ name: string }>('SELECT current_database() AS name');
    await database.sql(`ALTER DATABASE ${found?.name} OWNER TO ${role}`);
    return database.connectionString.replace(/\/\/\w+@/, `//${role}@`);
  };

  const plant = (statements: readonly string[]) =>
    database.transaction(async (connection) => {
      for (const text of statements) await connection.query({ text });
    });

  it('sees no rows of these tables, and loses none by a rollback', async () => {
    const theirs = await become('NOCREATEROLE');
    await system.sql(`GRANT latchkey_member TO ${role}`);
    await migrateUp(theirs);
    await plant([
      `INSERT INTO households VALUES ('hh_1', 'Home', 'user_1', now(), now())`,
      `INSERT INTO users (id, household_id, role, tier, is_active, created_at, updated_at)
        VALUES ('user_1', 'hh_1', 'user', 'free', true, now(), now())`,
      `INSERT INTO household_members VALUES ('hh_1', 'user_1', 'owner', now())`,
    ]);
    await fill(database.sql, 'hh_1', 'user_1');
    const schema = await describeSchema(database);
    const owner = createDatabase({ connectionString: theirs });
    try {
      for (const name of NAMES) {
        expect(await owner.query({ text: `SELECT FROM ${name}` })).toStrictEqual([]);
        expect((await database.sql(`SELECT FROM ${name}`)).length).toBeGreaterThan(0);
      }
      expect(await revert(theirs)).toBe(true);
      await migrateUp(theirs);
      expect(await describeSchema(database)).toStrictEqual(schema);
      expect(await dumpRows(database, 'tasks')).toHaveLength(1);

      await migrateDown(theirs, true);
      await migrateUp(theirs);
      expect(await dumpRows(database, 'tasks')).toHaveLength(1);
      // The referenced rows are missing: a key validated now would have checked nothing.
      const valid = await database.sql(
        `SELECT conrelid::regclass::text AS table, conname FROM pg_constraint
          WHERE contype = 'f' AND convalidated AND confrelid IN
            ('users'::regclass, 'households'::regclass, 'household_members'::regclass)
          AND conrelid = ANY ($1::regclass[])`,
        NAMES,
      );
      expect(valid).toStrictEqual([]);
    } finally {
      await owner.close();
    }
  });

  it('gets instructions for an administrator when it cannot create roles', async () => {
    const theirs = await become('NOCREATEROLE');
    const refused: unknown = await migrateUp(theirs).catch((error: unknown) => error);
    expect(describeFailure(refused, 'theirs')).toBe(
      'The database (theirs) cannot be used: an administrator has to run once: ' +
        `CREATE ROLE latchkey_member NOLOGIN; GRANT latchkey_member TO ${role}.`,
    );
    await system.sql(`GRANT latchkey_member TO ${role}`);
    expect(await migrateUp(theirs)).toContain(MIGRATION);
  });
});

describe('a table of another application', () => {
  const TASKS = `CREATE TABLE tasks (id text PRIMARY KEY, user_id text, title text,
    description text, completed boolean, assignee_id text, created_at timestamptz,
    updated_at timestamptz)`;
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    await revert(database.connectionString);
  });
  afterEach(() => database?.drop());

  it("is not taken for one of Latchkey's", async () => {
    await database.sql(TASKS);
    const refused: unknown = await migrateUp(database.connectionString).catch((e: unknown) => e);
    expect(describeFailure(refused, 'db')).toBe(
      'The database (db) cannot be used: there is a table "tasks" that is not Latchkey\'s: ' +
        'see latchkey adopt --help.',
    );
    expect(await database.sql(`SELECT to_regclass('accounts') AS found`)).toStrictEqual([
      { found: null },
    ]);
  });

  it('is left to its adoption, which scopes it to households', async () => {
    await database.sql(TASKS);
    await database.sql(`INSERT INTO tasks (id, title) VALUES ('1', 'Buy bread')`);
    await database.sql('CREATE SCHEMA latchkey_adoption');
    await migrateUp(database.connectionString);
    const check = createIsolationCheck(database, declaredTables);
    expect(await check()).toContain('tasks has no row-level security');

    const knex = knexPkg(knexConfiguration(database.connectionString));
    try {
      const scope = (backfill?: string) =>
        knex.transaction(async (trx) => {
          await scopeToHousehold(trx, 'tasks', backfill === undefined ? {} : { backfill });
          await linkHouseholdData(trx);
        });
      await expect(scope()).rejects.toThrow(
        'tasks has rows without a household: say which one they belong to (backfill).',
      );
      await scope('hh_1');
      await scope('hh_other');
      expect(await database.sql('SELECT id, household_id FROM tasks')).toStrictEqual([
        { id: '1', household_id: 'hh_1' },
      ]);
      expect(await check()).toStrictEqual([]);
      const before = await describeSchema(database);
      await knex.transaction(async (trx) => {
        await unscopeFromHousehold(trx, 'tasks', { dropColumn: true });
      });
      expect(await check()).toContain('tasks has no column household_id');
      await scope('hh_1');
      expect((await describeSchema(database)).length).toBe(before.length);
    } finally {
      await knex.destroy();
    }
  });
});

describe('the role of members, on a server of its own', () => {
  let dataDir: string;
  let server: ManagedPostgres;
  let admin: Database;
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'latchkey-role-'));
    await chmod(dataDir, 0o755);
    server = await startManagedPostgres({ dataDir, settings: { fsync: 'off' } });
    admin = createDatabase({ connectionString: connectionStringFor(server, 'postgres') });
  });
  afterAll(async () => {
    await admin?.close();
    await server?.stop();
    for (const folder of [server?.host, dataDir])
      await rm(folder, { recursive: true, force: true });
  });

  const roles = () => admin.query({ text: `SELECT FROM pg_roles WHERE rolname ~ '^latchkey_m'` });

  it('is shared by the databases, and dropped with the last', async () => {
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) await admin.query({ text: `CREATE DATABASE ${name}` });
    const [first = '', ...others] = names.map((name) => connectionStringFor(server, name));
    for (let round = 0; round < 2; round += 1) {
      await Promise.all([first, ...others].map(migrateUp));
      expect(await roles()).toHaveLength(1);
      for (const other of others) await revert(other);
      expect(await roles()).toHaveLength(1);
      await revert(first);
      expect(await roles()).toStrictEqual([]);
      await Promise.all([migrateUp(first), ...others.map((url) => migrateDown(url, true))]);
      expect(await roles()).toHaveLength(1);
    }
    await revert(first);
  });

  it('can be created by an administrator and used by the owner', async () => {
    await admin.query({ text: 'CREATE ROLE app LOGIN CREATEROLE' });
    await admin.query({ text: 'CREATE DATABASE app OWNER app' });
    const url = connectionStringFor({ ...server, user: 'app' }, 'app');
    await migrateUp(url);
    const owner = createDatabase({ connectionString: url });
    const sessionRole = await owner.transaction(async (connection) => {
      await connection.query({ text: `SELECT set_config('role', 'latchkey_member', true)` });
      return connection.query({ text: 'SELECT current_user AS role' });
    });
    expect(sessionRole).toStrictEqual([{ role: 'latchkey_member' }]);
    expect(await createIsolationCheck(owner, declaredTables)()).toStrictEqual([]);
    await owner.close();
    await migrateDown(url, true);
    expect(await roles()).toStrictEqual([]);
  });
});
