import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startQueryLoop } from '../../../bench/support/clients/query-loop.ts';
import type { Photograph } from '../../support/adopting/adoption-photograph.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import { loadLargeDump } from '../../support/adopting/legacy-database.ts';
import { LARGE_PASSWORD } from '../../support/dumps/large-dump.ts';
import { createHttpClient } from '../../support/servers/http-client.ts';
import { startServerProcess } from '../../support/servers/latchkey-process.ts';

const SIZE = { users: 2_000, rows: 20_000 };

describe('when a database of 2,000 users and 20,000 rows is adopted', () => {
  let run: AdoptionRun;
  let before: Photograph;
  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadLargeDump(run, SIZE);
    await run.sql('UPDATE tasks SET title = title WHERE id % 97 = 5');
    await run.sql('DELETE FROM tasks WHERE id % 89 = 7');
    before = await run.photograph();
  });
  afterAll(() => run.drop());

  const count = async (text: string): Promise<number> => {
    const [row] = await run.sql<{ count: number }>(`SELECT count(*)::integer AS count ${text}`);
    return row?.count ?? 0;
  };

  it('no read waits for as long as the adoption takes', async () => {
    const reader = await startQueryLoop(
      run.connectionString,
      'SELECT title FROM tasks ORDER BY created_at LIMIT 20',
    );
    const { code } = await run.latchkey(
      ...['adopt', '--table', 'tasks', '--households', 'per-user'],
    );
    const waits = await reader.stop();

    expect(code).toBe(0);
    expect(waits.length).toBeGreaterThan(100);
    // One answer after the other, they last until the adoption ends.
    const whole = waits.reduce((sum, wait) => sum + wait, 0);
    expect(Math.max(...waits)).toBeLessThan(whole / 2);
  });

  it('every user and row is in place', async () => {
    expect(await count("FROM events WHERE type = 'UserImported'")).toBe(SIZE.users);
    expect(await count('FROM users')).toBe(SIZE.users);
    expect(await count('FROM households')).toBe(SIZE.users);
    expect(
      await count(`FROM tasks JOIN household_members AS m
        ON m.user_id = tasks.user_id AND m.household_id = tasks.household_id`),
    ).toBe(await count('FROM tasks'));
    expect((await run.latchkey('projections', 'verify')).code).toBe(0);
  });

  it('a user signs in by username and by address', async () => {
    const server = await startServerProcess(run.environment);
    const client = createHttpClient(server.url);
    for (const identifier of ['person.17', 'person17@example.com']) {
      const { status } = await client.signIn(identifier, LARGE_PASSWORD);
      expect({ identifier, status }).toStrictEqual({ identifier, status: 201 });
    }
    client.close();
    await server.stop();
  });

  it('a rollback restores every row in the same order', async () => {
    const { code } = await run.latchkey('adopt', 'rollback', '--discard-events');
    expect(code).toBe(0);
    const { lines } = await run.photograph();
    expect(lines.length).toBe(before.lines.length);
    expect(lines.filter((line, n) => line !== before.lines[n])).toStrictEqual([]);
  });
});
