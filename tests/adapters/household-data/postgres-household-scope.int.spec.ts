import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresHouseholdScope } from '../../../src/adapters/household-data/postgres-household-scope.ts';
import {
  createDatabase,
  type Database,
  type Queryable,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import type { HouseholdScope } from '../../../src/application/household-data/household-scope.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/servers/open-database.ts';

const NAMES = declaredTables.map(({ name }) => name);
const NOW = '2026-01-01T00:00:00.000Z';
const [, , payees] = declaredTables;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.transaction(async (connection) => {
    const run = (text: string) => connection.query({ text });
    for (const person of ['ann', 'ben', 'vic', 'gone']) {
      await run(`INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
        VALUES ('user_${person}', 'user', 'free', ${person !== 'gone'}, now(), now())`);
    }
    for (const person of ['ann', 'ben']) {
      await run(
        `INSERT INTO households VALUES ('hh_${person}', 'Home', 'user_${person}', now(), now())`,
      );
      await run(
        `INSERT INTO household_members VALUES ('hh_${person}', 'user_${person}', 'owner', now())`,
      );
      const own = `'${person}_1', 'hh_${person}', 'user_${person}'`;
      const columns = 'id, household_id, user_id, created_at, updated_at';
      for (const name of ['accounts', 'categories', 'payees']) {
        await run(`INSERT INTO ${name} (${columns}, name) VALUES (${own}, now(), now(), 'First')`);
      }
      await run(`INSERT INTO transactions (${columns}, account_id, amount, occurred_on)
        VALUES (${own}, now(), now(), '${person}_1', 1, '2026-01-01')`);
      await run(`INSERT INTO tasks (${columns}, title) VALUES (${own}, now(), now(), 'First')`);
    }
    await run(`INSERT INTO household_members VALUES ('hh_ann', 'user_vic', 'viewer', now())`);
    await run(`INSERT INTO household_members VALUES ('hh_ann', 'user_gone', 'admin', now())`);
  });
});
afterAll(() => database?.drop());

const ann = { userId: 'user_ann', householdId: 'hh_ann' };

/** The role and household that a connection is set to. */
const CONTEXT = `SELECT current_setting('latchkey.household_id', true) AS household,
  current_user = session_user AS "isItself", current_setting('lock_timeout') AS lock_timeout`;
const CLEAN = [null, ''];

const contextOf = async (connection: Queryable) => {
  const [row] = await connection.query<{
    household: string | null;
    isItself: boolean;
    lock_timeout: string;
  }>({ text: CONTEXT });
  return row;
};

/** A scope on a pool of one connection, and that connection after its return. */
const withOneConnection = async (
  work: (scope: HouseholdScope, pool: Database) => Promise<void>,
): Promise<void> => {
  const { connectionString } = database;
  const pool = createDatabase({ connectionString, maxConnections: 1 });
  try {
    await work(createPostgresHouseholdScope(pool), pool);
  } finally {
    await pool.close();
  }
};

const expectClean = async (pool: Database): Promise<void> => {
  const context = await contextOf(pool);
  expect(context).toMatchObject({ isItself: true, lock_timeout: '0' });
  expect(CLEAN).toContain(context?.household);
};

/** Runs as the role of members with the household set, and rolls back. */
const asMember = async <Result>(
  household: string | undefined,
  work: (run: (text: string) => Promise<readonly object[]>) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    await client.query('BEGIN');
    if (household !== undefined) {
      await client.query(`SELECT set_config('latchkey.household_id', $1, true)`, [household]);
    }
    await client.query('SET LOCAL ROLE latchkey_member');
    return await work(async (text) => (await client.query(text)).rows);
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
};

const insertInto = (name: string, household: string) => {
  const [more, values] = {
    transactions: ['account_id, amount, occurred_on', `'ann_1', 1, '2026-01-01'`],
    tasks: ['title', `'Second'`],
  }[name] ?? ['name', `'Second'`];
  return `INSERT INTO ${name} (id, household_id, created_at, updated_at, ${more})
    VALUES ('second', '${household}', now(), now(), ${values}) RETURNING id`;
};

const REFUSED = { code: '42501' };

describe.each(NAMES)('the table %s', (name) => {
  it.each([undefined, '', 'hh_nobody', "' OR true --"])(
    'has no rows if the household is %j',
    async (household) => {
      await asMember(household, async (run) => {
        expect(await run(`SELECT FROM ${name}`)).toStrictEqual([]);
        expect(await run(`SELECT count(*) FROM ${name}`)).toStrictEqual([{ count: '0' }]);
        expect(await run(`UPDATE ${name} SET updated_at = now() RETURNING id`)).toStrictEqual([]);
        expect(await run(`DELETE FROM ${name} RETURNING id`)).toStrictEqual([]);
        await expect(run(insertInto(name, 'hh_ann'))).rejects.toMatchObject(REFUSED);
      });
    },
  );

  it('has the rows of one household, even if the query does not filter', async () => {
    await asMember('hh_ann', async (run) => {
      const own = [{ id: 'ann_1' }];
      expect(await run(`SELECT id FROM ${name}`)).toStrictEqual(own);
      expect(await run(`SELECT id FROM ${name} WHERE id = 'ben_1'`)).toStrictEqual([]);
      expect(await run(`UPDATE ${name} SET updated_at = now() RETURNING id`)).toStrictEqual(own);
      expect(await run(insertInto(name, 'hh_ann'))).toStrictEqual([{ id: 'second' }]);
    });
    await asMember('hh_ann', async (run) => {
      await run(name === 'accounts' ? 'DELETE FROM transactions' : 'SELECT');
      expect(await run(`DELETE FROM ${name} RETURNING id`)).toStrictEqual([{ id: 'ann_1' }]);
    });
  });

  it.each([
    ['inserted into another household', () => insertInto(name, 'hh_ben')],
    ['moved to another household', () => `UPDATE ${name} SET household_id = 'hh_ben'`],
  ])('refuses rows %s', async (_, statement) => {
    await asMember('hh_ann', async (run) => {
      await expect(run(statement())).rejects.toMatchObject(REFUSED);
    });
  });

  it('cannot be truncated, altered or granted by members', async () => {
    for (const statement of [
      `TRUNCATE ${name} CASCADE`,
      `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
      `DROP POLICY household_isolation ON ${name}`,
      `CREATE POLICY open ON ${name} USING (true)`,
    ]) {
      await asMember('hh_ann', async (run) => {
        await expect(run(statement)).rejects.toMatchObject(REFUSED);
      });
    }
  });
});

describe('the role of members', () => {
  it('has no privileges on other tables', async () => {
    const others = await database.sql<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
        AND NOT tablename = ANY ($1)`,
      NAMES,
    );
    expect(others.length).toBeGreaterThanOrEqual(18);
    for (const { name } of others) {
      await asMember('hh_ann', async (run) => {
        await expect(run(`SELECT FROM ${name}`)).rejects.toMatchObject(REFUSED);
      });
    }
  });
});

describe('a member in the household scope', () => {
  const scope: HouseholdScope = (member, work) =>
    createPostgresHouseholdScope(database)(member, work);

  it.each([
    ['user_ann', 'owner'],
    ['user_vic', 'viewer'],
  ])('acts with the current role: %s is %s', async (userId, role) => {
    const seen = await scope({ ...ann, userId }, async (live, records) => ({
      live,
      found: (await records.find(payees, 'ann_1'))?.id,
      foreign: await records.find(payees, 'ben_1'),
    }));
    expect(seen).toStrictEqual({ live: role, found: 'ann_1', foreign: undefined });
  });

  it.each([
    ['of another household', { userId: 'user_ben', householdId: 'hh_ann' }],
    ['of no household', { userId: 'user_nobody', householdId: 'hh_ann' }],
    ['whose account is deactivated', { userId: 'user_gone', householdId: 'hh_ann' }],
    ['of a household that does not exist', { userId: 'user_ann', householdId: 'hh_nobody' }],
    ['by SQL', { userId: "user_ann' OR true --", householdId: 'hh_ann' }],
  ])('is refused before any work: %s', async (_, member) => {
    let worked = false;
    const refused = scope(member, async () => {
      worked = true;
    });
    await expect(refused).rejects.toMatchObject({ code: 'household_required' });
    expect(worked).toBe(false);
  });
});

describe('a connection returned to the pool', () => {
  it('has no member context after successful work', async () => {
    await withOneConnection(async (scope, pool) => {
      for (let n = 0; n < 7; n += 1) {
        // Often enough for cached plans, which must not keep the household.
        const id = n % 2 === 0 ? 'ann_1' : 'ben_1';
        const member = n % 2 === 0 ? ann : { userId: 'user_ben', householdId: 'hh_ben' };
        const found = await scope(member, (_role, records) => records.find(payees, id));
        expect(found?.id).toBe(id);
        const foreign = n % 2 === 0 ? 'ben_1' : 'ann_1';
        const none = await scope(member, (_role, records) => records.find(payees, foreign));
        expect(none).toBeUndefined();
        await expectClean(pool);
      }
    });
  });

  it('has no member context after work that failed in the service or in the database', async () => {
    await withOneConnection(async (scope, pool) => {
      await expect(
        scope(ann, async () => {
          throw new TypeError('a mistake');
        }),
      ).rejects.toThrow('a mistake');
      await expectClean(pool);
      const values = { name: 'x'.repeat(10), parentId: 'nowhere', kind: 'neither' };
      const [, categories] = declaredTables;
      await expect(
        scope(ann, (_role, records) => records.create(categories, { id: 'x', values, now: NOW })),
      ).rejects.toMatchObject({ code: 'record_invalid' });
      await expectClean(pool);
      const lost = scope({ ...ann, userId: 'user_ben' }, async () => undefined);
      await expect(lost).rejects.toMatchObject({ code: 'household_required' });
      await expectClean(pool);
    });
  });

  it('has no member context after a lock timeout or a statement timeout', async () => {
    await withOneConnection(async (scope, pool) => {
      const hasty = createPostgresHouseholdScope({
        ...pool,
        transaction: (work) =>
          pool.transaction(async (connection) => {
            await connection.query({ text: `SET LOCAL statement_timeout = '100ms'` });
            return work(connection);
          }),
      });
      await database.transaction(async (connection) => {
        await connection.query({ text: 'LOCK TABLE payees' });
        const find = (each: HouseholdScope) =>
          each(ann, (_role, records) => records.find(payees, 'ann_1'));
        await expect(find(hasty)).rejects.toMatchObject({ code: 'service_unavailable' });
        await expectClean(pool);
        await expect(find(scope)).rejects.toMatchObject({ code: 'concurrent_update' });
        await expectClean(pool);
      });
    });
  });

  it('is replaced after its server process was ended', async () => {
    await withOneConnection(async (scope, pool) => {
      const broken = scope(ann, async (_role, records) => {
        await database.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction'`,
        );
        return records.find(payees, 'ann_1');
      });
      await expect(broken).rejects.toMatchObject({ code: 'service_unavailable' });
      await expectClean(pool);
      const found = await scope(ann, (_role, records) => records.find(payees, 'ann_1'));
      expect(found?.id).toBe('ann_1');
    });
  });
});

describe('work that waits for a lock', () => {
  const held: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const release of held.splice(0)) await release();
  });

  it('gives up while the lock is held, and stores nothing', async () => {
    const holder = new pg.Client({ connectionString: database.connectionString });
    await holder.connect();
    held.push(() => holder.end());
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM payees WHERE id = 'ann_1' FOR UPDATE`);
    const change = createPostgresHouseholdScope(database)(ann, (_role, records) =>
      records.update(payees, { id: 'ann_1', values: { name: 'Changed' }, now: NOW }),
    );
    await expect(change).rejects.toMatchObject({ code: 'concurrent_update' });
    await holder.query('ROLLBACK');
    expect(await database.sql(`SELECT name FROM payees WHERE id = 'ann_1'`)).toStrictEqual([
      { name: 'First' },
    ]);
  });

  it('is repeated after a deadlock', async () => {
    let attempts = 0;
    const done = await createPostgresHouseholdScope(database)(ann, async (_role, records) => {
      attempts += 1;
      if (attempts < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return (await records.find(payees, 'ann_1'))?.id;
    });
    expect({ done, attempts }).toStrictEqual({ done: 'ann_1', attempts: 3 });
    const lost = createPostgresHouseholdScope(database)(ann, async () => {
      throw Object.assign(new Error('could not serialize'), { code: '40001' });
    });
    await expect(lost).rejects.toMatchObject({ code: 'concurrent_update' });
  });
});
