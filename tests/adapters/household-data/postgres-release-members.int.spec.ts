import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresReleaseMembers } from '../../../src/adapters/household-data/postgres-release-members.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/servers/open-database.ts';

/** Rows that are left to the foreign key. */
const LEFT = 5_000;
/** More than that by more than one batch. */
const MANY = 7_500;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.transaction(async (connection) => {
    const run = (text: string) => connection.query({ text });
    await run(`INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
      SELECT 'user_' || name, 'user', 'free', true, now(), now()
      FROM unnest('{ann,ben}'::text[]) AS name`);
    for (const name of ['ann', 'ben']) {
      await run(
        `INSERT INTO households VALUES ('hh_${name}', 'Home', 'user_${name}', now(), now())`,
      );
      await run(
        `INSERT INTO household_members VALUES ('hh_${name}', 'user_${name}', 'owner', now())`,
      );
      await run(`INSERT INTO tasks (id, household_id, title, assignee_id, created_at, updated_at)
        SELECT '${name}_' || n, 'hh_${name}', 'Dishes', 'user_${name}', now(), now()
        FROM generate_series(1, ${MANY}) AS n`);
    }
    await run(`INSERT INTO household_members VALUES ('hh_ann', 'user_ben', 'member', now())`);
    await run(`UPDATE tasks SET assignee_id = 'user_ben' WHERE id IN ('ann_1', 'ann_2')`);
  });
});
afterAll(() => database?.drop());

const countAssigned = async () =>
  database.query({
    text: `SELECT household_id, assignee_id, count(*)::integer AS tasks FROM tasks
      WHERE assignee_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
  });

describe('the release of a member named by more rows than the foreign key may empty', () => {
  const release = () => createPostgresReleaseMembers(database, declaredTables);

  it('empties the surplus rows, of that member and household only', async () => {
    await release()('hh_ann', 'user_ann');
    expect(await countAssigned()).toStrictEqual([
      { household_id: 'hh_ann', assignee_id: 'user_ann', tasks: LEFT },
      { household_id: 'hh_ann', assignee_id: 'user_ben', tasks: 2 },
      { household_id: 'hh_ben', assignee_id: 'user_ben', tasks: MANY },
    ]);
  });

  it('changes nothing if there are few enough rows', async () => {
    const before = await countAssigned();
    await release()('hh_ann', 'user_ben');
    expect(await countAssigned()).toStrictEqual(before);
  });

  it('empties the rows of all members of a household, and deletes none', async () => {
    await release()('hh_ben');
    const [assigned] = await database.query<{ tasks: number; named: number }>({
      text: `SELECT count(*)::integer AS tasks, count(assignee_id)::integer AS named
        FROM tasks WHERE household_id = 'hh_ben'`,
    });
    expect(assigned).toStrictEqual({ tasks: MANY, named: LEFT });
  });

  it('leaves no context on the connection', async () => {
    const [row] = await database.query<{ clean: boolean }>({
      text: `SELECT coalesce(current_setting('latchkey.household_id', true), '') = ''
        AND current_user = session_user AS clean`,
    });
    expect(row).toStrictEqual({ clean: true });
  });
});
