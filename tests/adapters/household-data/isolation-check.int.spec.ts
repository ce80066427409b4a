import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createIsolationCheck } from '../../../src/adapters/household-data/isolation-check.ts';
import { createDatabase } from '../../../src/adapters/postgres/connection/connection.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import { declareTable } from '../../../src/application/household-data/table-declaration.ts';
import { runCommand } from '../../support/servers/command-line.ts';
import { newMasterKey, runLatchkey } from '../../support/servers/latchkey-process.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/servers/open-database.ts';

const OURS = "household_id = current_setting('latchkey.household_id', true)";
const isolate = (name: string, rest = '') =>
  `CREATE POLICY household_isolation ON ${name} ${rest} USING (${OURS}) WITH CHECK (${OURS})`;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());

const check = () => createIsolationCheck(database, declaredTables)();

type Gap = Readonly<{ what: string; open: string; close: string; found: readonly string[] }>;

const gaps: readonly Gap[] = [
  {
    what: 'row-level security is off',
    open: 'ALTER TABLE tasks DISABLE ROW LEVEL SECURITY',
    close: 'ALTER TABLE tasks ENABLE ROW LEVEL SECURITY',
    found: ['tasks has no row-level security'],
  },
  {
    what: 'the owner is exempt from row-level security',
    open: 'ALTER TABLE payees NO FORCE ROW LEVEL SECURITY',
    close: 'ALTER TABLE payees FORCE ROW LEVEL SECURITY',
    found: ['payees does not force row-level security on its owner'],
  },
  {
    what: 'the policy is missing',
    open: 'DROP POLICY household_isolation ON accounts',
    close: isolate('accounts'),
    found: ['accounts lacks the policy household_isolation'],
  },
  {
    what: 'the policy allows every row',
    open: 'ALTER POLICY household_isolation ON accounts USING (true)',
    close: `ALTER POLICY household_isolation ON accounts USING (${OURS})`,
    found: ['accounts lacks the policy household_isolation'],
  },
  {
    what: 'the policy allows writes to every household',
    open: 'ALTER POLICY household_isolation ON accounts WITH CHECK (true)',
    close: `ALTER POLICY household_isolation ON accounts WITH CHECK (${OURS})`,
    found: ['accounts lacks the policy household_isolation'],
  },
  {
    what: 'the policy covers reads only',
    open: `DROP POLICY household_isolation ON accounts;
      CREATE POLICY household_isolation ON accounts FOR SELECT USING (${OURS})`,
    close: `DROP POLICY household_isolation ON accounts; ${isolate('accounts')}`,
    found: ['accounts lacks the policy household_isolation'],
  },
  {
    what: 'the policy is restrictive, so that it allows no row',
    open: `DROP POLICY household_isolation ON accounts; ${isolate('accounts', 'AS RESTRICTIVE')}`,
    close: `DROP POLICY household_isolation ON accounts; ${isolate('accounts')}`,
    found: ['accounts lacks the policy household_isolation'],
  },
  {
    what: 'another policy opens the table',
    open: 'CREATE POLICY shared ON categories FOR SELECT USING (true)',
    close: 'DROP POLICY shared ON categories',
    found: ['categories has another policy that opens it, shared'],
  },
  {
    what: 'rows need no household',
    open: 'ALTER TABLE tasks ALTER COLUMN household_id DROP NOT NULL',
    close: 'ALTER TABLE tasks ALTER COLUMN household_id SET NOT NULL',
    found: ['tasks may have rows without a household'],
  },
  {
    what: 'members may not write',
    open: 'REVOKE INSERT ON tasks FROM latchkey_member',
    close: 'GRANT INSERT ON tasks TO latchkey_member',
    found: ['tasks does not let latchkey_member insert'],
  },
  {
    what: 'members may not use the schema',
    open: 'REVOKE USAGE ON SCHEMA public FROM PUBLIC, latchkey_member',
    close: 'GRANT USAGE ON SCHEMA public TO PUBLIC, latchkey_member',
    found: declaredTables
      .map(({ name }) => `${name} lies in a schema that latchkey_member may not use`)
      .sort(),
  },
  {
    what: 'members may truncate',
    open: 'GRANT TRUNCATE ON tasks TO latchkey_member',
    close: 'REVOKE TRUNCATE ON tasks FROM latchkey_member',
    found: ['tasks lets latchkey_member use TRUNCATE, which no policy restricts'],
  },
  {
    what: 'members may use another table',
    open: 'GRANT SELECT ON users TO latchkey_member',
    close: 'REVOKE SELECT ON users FROM latchkey_member',
    found: ['latchkey_member may use users, which has no policy household_isolation'],
  },
  {
    what: 'members may use one column of another table',
    open: 'GRANT SELECT (email) ON users TO latchkey_member',
    close: 'REVOKE SELECT (email) ON users FROM latchkey_member',
    found: ['latchkey_member may use users, which has no policy household_isolation'],
  },
  {
    what: 'every role may use another table',
    open: 'GRANT UPDATE ON households TO PUBLIC',
    close: 'REVOKE UPDATE ON households FROM PUBLIC',
    found: ['latchkey_member may use households, which has no policy household_isolation'],
  },
  {
    what: 'a view reads with the privileges of its owner',
    open: 'CREATE VIEW all_tasks AS SELECT * FROM tasks; GRANT SELECT ON all_tasks TO latchkey_member',
    close: 'DROP VIEW all_tasks',
    found: ['latchkey_member may use all_tasks, which has no policy household_isolation'],
  },
  {
    what: 'a name is unique across all households',
    open: 'ALTER TABLE payees ADD CONSTRAINT payees_name_key UNIQUE (name)',
    close: 'ALTER TABLE payees DROP CONSTRAINT payees_name_key',
    found: ['payees reveals by its unique index payees_name_key what other households have'],
  },
  {
    what: 'a name is unique across all households in any case',
    open: 'CREATE UNIQUE INDEX payees_folded ON payees (lower(name))',
    close: 'DROP INDEX payees_folded',
    found: ['payees reveals by its unique index payees_folded what other households have'],
  },
  {
    what: 'a column is missing',
    open: 'ALTER TABLE tasks RENAME COLUMN title TO heading',
    close: 'ALTER TABLE tasks RENAME COLUMN heading TO title',
    found: ['tasks has no column title'],
  },
];

describe('a migrated database', () => {
  it('isolates households', async () => {
    expect(await check()).toStrictEqual([]);
  });

  it.each([
    [
      'a unique name per household',
      'CREATE UNIQUE INDEX x ON payees (household_id, name)',
      'DROP INDEX x',
    ],
    [
      'a policy that restricts further',
      'CREATE POLICY x ON tasks AS RESTRICTIVE USING (true)',
      'DROP POLICY x ON tasks',
    ],
    [
      'a scoped table that is not declared',
      `CREATE TABLE x (household_id text NOT NULL); ${isolate('x')};
        ALTER TABLE x ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        GRANT SELECT ON x TO latchkey_member`,
      'DROP TABLE x',
    ],
  ])('may have %s', async (_, make, unmake) => {
    await database.sql(make);
    expect(await check()).toStrictEqual([]);
    await database.sql(unmake);
  });
});

describe('a gap in the isolation', () => {
  afterEach(async () => {
    expect(await check()).toStrictEqual([]);
  });

  it.each(gaps)('is found if $what', async ({ open, close, found }) => {
    await database.sql(open);
    expect(await check()).toStrictEqual(found);
    await database.sql(close);
  });
});

describe('a declared table', () => {
  it('that does not exist is reported', async () => {
    const pets = declareTable({
      name: 'pets',
      singular: 'pet',
      idPrefix: 'pet',
      fields: {},
      filters: { equal: [] },
    });
    const look = createIsolationCheck(database, [...declaredTables, pets]);
    expect(await look()).toStrictEqual(['pets does not exist']);
  });
});

describe('the role of members', () => {
  const role = `role_${randomBytes(4).toString('hex')}`;
  const checkAs = async (user: string) => {
    const connectionString = database.connectionString.replace(/\/\/\w+@/, `//${user}@`);
    const connection = createDatabase({ connectionString });
    try {
      return await createIsolationCheck(connection, declaredTables)();
    } finally {
      await connection.close();
    }
  };

  it('must be granted to the user of the service', async () => {
    await database.sql(`CREATE ROLE ${role} LOGIN`);
    expect(await checkAs(role)).toStrictEqual([
      `${role} may not act as latchkey_member: GRANT latchkey_member TO ${role}`,
    ]);
    await database.sql(`GRANT latchkey_member TO ${role}`);
    expect(await checkAs(role)).toStrictEqual([]);
    await database.sql(`DROP ROLE ${role}`);
  });
});

describe('a service whose database does not isolate households', () => {
  const LATCHKEY_MASTER_KEY = newMasterKey();
  const environment = () => ({
    DATABASE_URL: database.connectionString,
    LATCHKEY_MASTER_KEY,
    LATCHKEY_LOG_LEVEL: 'silent',
  });

  it('does not start, and doctor reports the reason', async () => {
    await database.sql('ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY');
    await database.sql('GRANT SELECT ON users TO latchkey_member');
    const problems =
      'tasks does not force row-level security on its owner; latchkey_member may use users, which has no policy household_isolation.';
    const serve = await runLatchkey(['serve'], environment());
    expect(serve).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: `The database does not isolate households: ${problems}\n`,
    });
    const doctor = await runCommand(['doctor', '--json'], environment());
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.stdout)).toContainEqual({
      check: 'households',
      value: 'not isolated',
      problem: problems,
    });
    await database.sql('REVOKE SELECT ON users FROM latchkey_member');
    await database.sql('ALTER TABLE tasks FORCE ROW LEVEL SECURITY');
    expect((await runCommand(['doctor', '--json'], environment())).code).toBe(0);
  });
});
