import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeDatabase } from '../../support/adopting/database-contents.ts';
import { readDump } from '../../support/dumps/dump-files.ts';
import { runCommand } from '../../support/servers/command-line.ts';
import { newMasterKey } from '../../support/servers/latchkey-process.ts';
import { type OpenDatabase, openEmptyDatabase } from '../../support/servers/open-database.ts';

const ADOPT = ['adopt', '--all-tables', '--households', 'default'] as const;

let database: OpenDatabase;
let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
  database = await openEmptyDatabase();
  environment = {
    DATABASE_URL: database.connectionString,
    LATCHKEY_MASTER_KEY: newMasterKey(),
  };
  await database.transaction(async (connection) => {
    for (const text of [readDump('integer-ids.sql'), 'RESET ALL']) await connection.query({ text });
  });
});
afterEach(() => database?.drop());

const latchkey = (...args: readonly string[]) => runCommand(args, environment);

/** Refuses every change of the schema after the first `after`. */
const interruptAfter = (after: number) =>
  database.sql(`CREATE SCHEMA obstacle;
    CREATE SEQUENCE obstacle.changes;
    CREATE FUNCTION obstacle.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('obstacle.changes') > ${after} THEN RAISE EXCEPTION 'interrupted'; END IF; END $$;
    CREATE EVENT TRIGGER obstacle ON ddl_command_end EXECUTE FUNCTION obstacle.refuse()`);

const clearTheWay = () => database.sql('DROP EVENT TRIGGER obstacle; DROP SCHEMA obstacle CASCADE');

/** Compares the order of rows: their exact places depend on earlier row versions. */
const PLACE = 'rank() OVER (ORDER BY latchkey_ordinal) AS place';

/** Ids and times of the adoption itself differ from one to the next. */
const outcome = async () => ({
  users: await database.sql(
    `SELECT id, username, email, role, household_id, password_hash, legacy_id, ${PLACE}
      FROM users ORDER BY id`,
  ),
  tasks: await database.sql(
    `SELECT id, user_id, household_id, created_at, ${PLACE} FROM tasks ORDER BY legacy_id`,
  ),
  comments: await database.sql(
    'SELECT id, task_id, author_id, household_id FROM task_comments ORDER BY id',
  ),
  members: await database.sql(
    'SELECT household_id, user_id, role FROM household_members ORDER BY 2',
  ),
  events: await database.sql('SELECT type, count(*) FROM events GROUP BY type ORDER BY type'),
  steps: await database.sql('SELECT step, undo FROM latchkey_adoption.steps ORDER BY step'),
});

const adoptedWithout = async () => {
  expect(await latchkey(...ADOPT)).toMatchObject({ code: 0 });
  const whole = await outcome();
  expect(await latchkey('adopt', 'rollback')).toMatchObject({ code: 0 });
  return whole;
};

describe('an interrupted adoption', () => {
  it.each([3, 12, 25, 40, 75, 100, 130])(
    'resumes and ends like an uninterrupted one, after %i changes',
    async (after) => {
      const whole = await adoptedWithout();
      await interruptAfter(after);
      expect(await latchkey(...ADOPT)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('interrupted'),
      });
      await clearTheWay();
      expect(await latchkey('migrate', 'up')).toMatchObject({ code: 1 });
      expect(await latchkey(...ADOPT)).toMatchObject({ code: 0 });
      expect(await outcome()).toStrictEqual(whole);
      expect(await latchkey('projections', 'verify')).toMatchObject({ code: 0 });
    },
  );

  it.each([12, 40, 100, 130])('is rolled back from any step, after %i changes', async (after) => {
    const before = await describeDatabase(database);
    await interruptAfter(after);
    expect(await latchkey(...ADOPT)).toMatchObject({ code: 1 });
    await clearTheWay();
    expect(await latchkey('adopt', 'rollback')).toMatchObject({ code: 0 });
    expect(await describeDatabase(database)).toStrictEqual(before);
  });
});

describe('an interrupted rollback', () => {
  it('has changed nothing, and succeeds when it is repeated', async () => {
    const before = await describeDatabase(database);
    expect(await latchkey(...ADOPT)).toMatchObject({ code: 0 });
    const adopted = await describeDatabase(database);
    await interruptAfter(20);
    expect(await latchkey('adopt', 'rollback')).toMatchObject({ code: 1 });
    await clearTheWay();
    expect(await describeDatabase(database)).toStrictEqual(adopted);
    expect(await latchkey('adopt', 'rollback')).toMatchObject({ code: 0 });
    expect(await describeDatabase(database)).toStrictEqual(before);
  });
});
