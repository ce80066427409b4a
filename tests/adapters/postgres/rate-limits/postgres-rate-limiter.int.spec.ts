import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createDatabase,
  type Database,
  type Statement,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import { createPostgresRateLimiter } from '../../../../src/adapters/postgres/rate-limits/postgres-rate-limiter.ts';
import {
  allowed,
  describeRateLimiter,
  refused,
} from '../../../support/http/rate-limiter-contract.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';
import { skipSeconds, times } from '../../../support/servers/running-app.ts';

const secret = Buffer.alloc(32, 'secret');
const nameOf = (key: string) => createHmac('sha256', secret).update(key).digest('hex');

const LIMIT = { points: 7, seconds: 60 };

let database: OpenDatabase;
let otherPool: Database;

beforeAll(async () => {
  database = await openTestDatabase();
  otherPool = createDatabase({ connectionString: database.connectionString });
});
afterAll(async () => {
  await otherPool?.close();
  await database?.drop();
});
beforeEach(async () => {
  await database.sql('TRUNCATE rate_limits');
});
afterEach(() => {
  vi.useRealTimers();
});

const countAllowed = (answers: readonly { allowed: boolean }[]) =>
  answers.filter((answer) => answer.allowed).length;

describe('the contract', () => {
  let limiter: ReturnType<typeof createPostgresRateLimiter>;
  beforeAll(() => {
    limiter = createPostgresRateLimiter({ database, secret });
  });
  describeRateLimiter('the rate limiter in PostgreSQL', () => limiter);
});

describe('two processes', () => {
  it('together allow exactly the points of a limit under parallel requests', async () => {
    const limiters = [database, otherPool].map((pool) =>
      createPostgresRateLimiter({ database: pool, secret }),
    );
    for (let round = 0; round < 10; round += 1) {
      const answers = await times(20, (n) => {
        const limiter = limiters[n % 2] ?? createPostgresRateLimiter({ database, secret });
        return limiter.consume(`round ${round}`, LIMIT);
      });
      expect(countAllowed(answers)).toBe(7);
    }
  });

  it('stay exact while expired windows are removed', async () => {
    const limiters = [database, otherPool].map((pool) =>
      createPostgresRateLimiter({ database: pool, secret }),
    );
    skipSeconds(0);
    await limiters[0]?.consume('key', LIMIT);
    skipSeconds(60);
    const consume = async (n: number) => {
      await limiters[n % 2]?.removeExpired();
      return limiters[n % 2]?.consume('key', LIMIT) ?? allowed;
    };
    expect(countAllowed(await times(20, consume))).toBe(7);
  });
});

describe('after a restart', () => {
  it('counting continues in the same window', async () => {
    skipSeconds(0);
    await times(5, () => createPostgresRateLimiter({ database, secret }).consume('key', LIMIT));
    skipSeconds(20);
    const restarted = createPostgresRateLimiter({ database: otherPool, secret });
    expect(countAllowed(await times(10, () => restarted.consume('key', LIMIT)))).toBe(2);
    const again = createPostgresRateLimiter({ database, secret });
    expect(await again.consume('key', LIMIT)).toStrictEqual(refused(40));
  });
});

describe('the table', () => {
  it('holds hashes instead of the counted keys', async () => {
    const key = 'account:signIn:ann@example.com';
    await createPostgresRateLimiter({ database, secret }).consume(key, LIMIT);
    const rows = await database.sql('SELECT key, points FROM rate_limits');
    expect(rows).toStrictEqual([{ key: nameOf(key), points: 1 }]);
  });

  it('loses expired windows and no others', async () => {
    const limiter = createPostgresRateLimiter({ database, secret });
    skipSeconds(0);
    await limiter.consume('one', LIMIT);
    await limiter.consume('two', LIMIT);
    await limiter.consume('longer', { points: 7, seconds: 61 });
    skipSeconds(60);
    await limiter.consume('two', LIMIT);
    expect(await limiter.removeExpired()).toBe(1);
    expect(await limiter.removeExpired()).toBe(0);
    const rows = await database.sql<{ key: string }>('SELECT key FROM rate_limits');
    const left = ['two', 'longer'].map((key) => nameOf(key));
    expect(rows.map(({ key }) => key).toSorted()).toStrictEqual(left.toSorted());
  });

  it('loses more expired windows than one batch', async () => {
    await database.sql(
      "INSERT INTO rate_limits SELECT 'old ' || n, 1, 1 FROM generate_series(1, 10001) AS n",
    );
    expect(await createPostgresRateLimiter({ database, secret }).removeExpired()).toBe(10_001);
  });
});

describe('the load on the database', () => {
  const watched = () => {
    const names: unknown[] = [];
    const query: Database['query'] = (statement: Statement) => {
      names.push(statement.name);
      return database.query(statement);
    };
    return {
      names,
      limiter: createPostgresRateLimiter({ database: { ...database, query }, secret }),
    };
  };

  it('is one prepared statement for each request, whatever the limit', async () => {
    const { names, limiter } = watched();
    await limiter.consume('one', { points: 2, seconds: 60 });
    await limiter.consume('one', { points: 2, seconds: 60 });
    await limiter.consume('two', { points: 5, seconds: 3_600 });
    expect(names).toStrictEqual(Array(3).fill('rate_limits:rlflx-upsert'));
  });

  it('is none for an exhausted key', async () => {
    const { names, limiter } = watched();
    skipSeconds(0);
    for (let n = 0; n < 20; n += 1) await limiter.consume('key', LIMIT);
    expect(names).toHaveLength(7);
    expect(await limiter.consume('key', LIMIT)).toStrictEqual(refused(60));
    skipSeconds(60);
    expect(await limiter.consume('key', LIMIT)).toStrictEqual(allowed);
    expect(names).toHaveLength(8);
  });
});

describe('when the database is unavailable', () => {
  it('counting fails with service_unavailable', async () => {
    const away = createDatabase({ connectionString: 'postgresql://someone@127.0.0.1:1/nothing' });
    const limiter = createPostgresRateLimiter({ database: away, secret });
    const unavailable = {
      name: 'ApplicationError',
      code: 'service_unavailable',
      retryAfterSeconds: 1,
    };
    await expect(limiter.consume('key', LIMIT)).rejects.toMatchObject(unavailable);
    await expect(limiter.removeExpired()).rejects.toMatchObject(unavailable);
    await away.close();
  });
});
