import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRateLimits } from '../../../../src/adapters/http/access/rate-limits.ts';
import { createDatabase } from '../../../../src/adapters/postgres/connection/connection.ts';
import { createPostgresRateLimiter } from '../../../../src/adapters/postgres/rate-limits/postgres-rate-limiter.ts';
import { createRateLimitedApp } from '../../../support/http/rate-limited-app.ts';
import { expectProblem } from '../../../support/servers/http-client.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';
import { skipSeconds, times } from '../../../support/servers/running-app.ts';

let database: OpenDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());
afterEach(() => {
  vi.useRealTimers();
});

/** Stands for one server process. */
const startApp = (connection: Pick<OpenDatabase, 'query'> = database) =>
  createRateLimitedApp(
    createRateLimits(
      createPostgresRateLimiter({
        database: { ...database, ...connection },
        secret: Buffer.alloc(32),
      }),
    ).signIn,
  );

describe('sign-in attempts for one account at two processes, in many spellings and from many networks', () => {
  it('are limited to sixty a minute', async () => {
    skipSeconds(0);
    const apps = [startApp(), startApp()];
    const answers = await times(80, async (n) => {
      const identifier = n % 3 === 0 ? ' Ann@Example.com' : 'ann@example.com';
      const sent = { body: { identifier }, from: `203.0.113.${n}` };
      return (await apps[n % 2]?.post('/others', sent))?.status;
    });
    expect(answers.filter((status) => status === 200)).toHaveLength(60);
    expect(answers.filter((status) => status === 429)).toHaveLength(20);

    skipSeconds(15);
    const body = { identifier: 'ANN@example.com' };
    const refusal = await startApp().post('/others', { body });
    expectProblem(refusal, 'rate_limited');
    expect(refusal.headers['retry-after']).toBe('45');
    skipSeconds(45);
    expect((await startApp().post('/others', { body })).status).toBe(200);
  });

  it('leave neither the account nor the addresses in plain text in the table', async () => {
    await startApp().post('/others', { body: { identifier: 'bob@example.com' } });
    const rows = await database.sql<{ row: string }>('SELECT r::text AS row FROM rate_limits AS r');
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ row }) => !/^\([0-9a-f]{64},\d+,\d+\)$/.test(row))).toStrictEqual([]);
  });
});

describe('a rate-limited route without a database', () => {
  it('answers 503 with Retry-After', async () => {
    const away = createDatabase({ connectionString: 'postgresql://someone@127.0.0.1:1/nothing' });
    const answer = await startApp(away).post('/others', { body: { identifier: 'ann' } });
    await away.close();
    expectProblem(answer, 'service_unavailable');
    expect(answer.headers['retry-after']).toBe('1');
  });
});
