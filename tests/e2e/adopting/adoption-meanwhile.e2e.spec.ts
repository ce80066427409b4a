import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startQueryLoop } from '../../../bench/support/clients/query-loop.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import { loadLargeDump } from '../../support/adopting/legacy-database.ts';
import { eventually } from '../../support/kernel/eventually.ts';

const SIZE = { users: 500, rows: 10_000 };
/** How often the adoption tries to get its lock, and how many answers others get each time. */
const ATTEMPTS = 3;
const ANSWERS = 3;

const open = async (): Promise<AdoptionRun> => {
  const run = await openAdoptionRun();
  await loadLargeDump(run, SIZE);
  return run;
};

/** The old application: inserts tasks until its tables are no longer there. */
const writeUntilRefused = async ({ connectionString }: AdoptionRun): Promise<readonly number[]> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const written: number[] = [];
  try {
    for (let n = 1; ; n += 1) {
      const userId = (n % SIZE.users) + 1;
      await client.query(
        `INSERT INTO tasks (user_id, title) VALUES (${userId}, 'written meanwhile ${n}')`,
      );
      written.push(n);
    }
  } catch {
    return written;
  } finally {
    await client.end();
  }
};

describe('when the old application keeps writing during an adoption', () => {
  let run: AdoptionRun;
  let written: readonly number[];
  beforeAll(async () => {
    run = await open();
    const writing = writeUntilRefused(run);
    const adopt = ['adopt', '--table', 'tasks', '--households', 'per-user'];
    expect(await run.latchkey(...adopt)).toMatchObject({ code: 0 });
    written = await writing;
  });
  afterAll(() => run.drop());

  const readWritten = () =>
    run.sql<{ n: number; user_id: string }>(`SELECT substring(title FROM '\\d+$')::integer AS n,
      user_id::text FROM tasks WHERE title LIKE 'written meanwhile%' ORDER BY 1`);
  const expected = () => written.map((n) => ({ n, user_id: String((n % SIZE.users) + 1) }));

  it('every row that it wrote is in the household of its user', async () => {
    expect(written.length).toBeGreaterThan(10);
    expect(await readWritten()).toStrictEqual(expected());
    expect(
      await run.sql(`SELECT t.id FROM tasks AS t LEFT JOIN household_members AS m
        ON m.user_id = t.user_id AND m.household_id = t.household_id WHERE m.user_id IS NULL`),
    ).toStrictEqual([]);
    expect((await run.sql('SELECT FROM tasks')).length).toBe(SIZE.rows + written.length);
  });

  it('every row that it wrote is still there after a rollback', async () => {
    expect(await run.latchkey('adopt', 'rollback')).toMatchObject({ code: 0 });
    expect(await readWritten()).toStrictEqual(expected());
    expect((await run.sql('SELECT FROM tasks')).length).toBe(SIZE.rows + written.length);
    const [row] = await run.sql<{ type: string }>(
      'SELECT pg_typeof(user_id)::text AS type FROM tasks LIMIT 1',
    );
    expect(row).toStrictEqual({ type: 'integer' });
  });
});

describe('when a long transaction reads during an adoption', () => {
  let run: AdoptionRun;
  beforeAll(async () => {
    run = await open();
  });
  afterAll(() => run.drop());

  /** The transactions that wait for a lock which lets no one else in. */
  const findWaiting = async (): Promise<readonly string[]> => {
    const found = await run.sql<{ transaction: string }>(
      `SELECT virtualtransaction AS transaction FROM pg_locks
        WHERE NOT granted AND mode NOT IN ('AccessShareLock', 'RowShareLock')
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return found.map(({ transaction }) => transaction);
  };

  it('the adoption waits without blocking other readers, and completes afterwards', async () => {
    const slow = new pg.Client({ connectionString: run.connectionString });
    await slow.connect();
    await slow.query('BEGIN; SELECT count(*) FROM tasks, users WHERE users.id = 1');
    const reader = await startQueryLoop(
      run.connectionString,
      'SELECT title FROM tasks ORDER BY created_at LIMIT 20',
    );
    const adopting = run.latchkey('adopt', '--table', 'tasks');
    const waits = new Set<string>();
    while (waits.size < ATTEMPTS) {
      for (const transaction of await findWaiting()) waits.add(transaction);
      const enough = reader.answers() + ANSWERS;
      await eventually(() => reader.answers() >= enough, 'others read meanwhile');
    }
    await slow.query('COMMIT');
    await slow.end();

    expect(await adopting).toMatchObject({ code: 0 });
    await reader.stop();
  });
});
