import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresHouseholdDataRelease } from '../../../src/adapters/household-data/postgres-household-data-release.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/open-database.ts';

/** More than one batch. */
const MANY = 4_500;

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
      await run(`INSERT INTO accounts (id, household_id, name, created_at, updated_at)
        VALUES ('account_${name}', 'hh_${name}', 'Giro', now(), now())`);
      await run(`INSERT INTO transactions
          (id, household_id, account_id, amount, occurred_on, created_at, updated_at)
        SELECT '${name}_' || n, 'hh_${name}', 'account_${name}', n, '2026-01-01', now(), now()
        FROM generate_series(1, ${MANY}) AS n`);
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

const countRows = async () =>
  database.query({
    text: `SELECT household_id, count(*)::integer AS rows FROM (
        SELECT household_id FROM accounts UNION ALL SELECT household_id FROM transactions
        UNION ALL SELECT household_id FROM tasks) AS rows GROUP BY 1 ORDER BY 1`,
  });

describe('when rows are let go of', () => {
  it('takes a member off every row of that household, and of no other', async () => {
    const release = createPostgresHouseholdDataRelease(database, declaredTables);
    await release.ofMember('hh_ann', 'user_ann');
    expect(await countAssigned()).toStrictEqual([
      { household_id: 'hh_ann', assignee_id: 'user_ben', tasks: 2 },
      { household_id: 'hh_ben', assignee_id: 'user_ben', tasks: MANY },
    ]);
  });

  it('empties a household, whatever refers to what, and no other', async () => {
    const release = createPostgresHouseholdDataRelease(database, declaredTables);
    await release.ofHousehold('hh_ann');
    expect(await countRows()).toStrictEqual([{ household_id: 'hh_ben', rows: 2 * MANY + 1 }]);
  });

  it('leaves no context on the connection', async () => {
    const [row] = await database.query<{ clean: boolean }>({
      text: `SELECT coalesce(current_setting('latchkey.household_id', true), '') = ''
        AND current_user = session_user AS clean`,
    });
    expect(row).toStrictEqual({ clean: true });
  });
});
