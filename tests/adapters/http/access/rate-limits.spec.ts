import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createRateLimits,
  limitRate,
  type RateLimitGroup,
  rateLimits,
} from '../../../../src/adapters/http/access/rate-limits.ts';
import { HumanText, strictObject } from '../../../../src/adapters/http/schemas/schemas.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import {
  createInMemoryRateLimiter,
  type InMemoryRateLimiter,
} from '../../../support/http/in-memory-rate-limiter.ts';
import { createRateLimitedApp } from '../../../support/http/rate-limited-app.ts';
import { expectProblem } from '../../../support/servers/http-client.ts';
import { skipSeconds } from '../../../support/servers/running-app.ts';

let limiter: InMemoryRateLimiter;

beforeEach(() => {
  limiter = createInMemoryRateLimiter();
  skipSeconds(0);
});
afterEach(() => {
  vi.useRealTimers();
});

const twicePerMinute = () => limitRate({ limiter, network: { points: 2, seconds: 60 } });

describe('a route whose limit is used up', () => {
  it('answers 429 with rate_limited and Retry-After until the window is over', async () => {
    const app = createRateLimitedApp(twicePerMinute());
    expect((await app.post('/others')).status).toBe(200);
    expect((await app.post('/others')).status).toBe(200);
    skipSeconds(12);
    const refusal = await app.post('/others');
    expectProblem(refusal, 'rate_limited');
    expect(refusal.status).toBe(429);
    expect(refusal.headers['retry-after']).toBe('48');
    skipSeconds(48);
    const answer = await app.post('/others');
    expect(answer).toMatchObject({ status: 200, json: { passed: true } });
    expect(answer.headers).not.toHaveProperty('retry-after');
  });

  it('answers the longer wait if the limits of network and account are both used up', async () => {
    const limits = {
      network: { points: 1, seconds: 60 },
      account: { group: 'a', limit: { points: 1, seconds: 3_600 }, keyOf: () => 'ann' },
    };
    const app = createRateLimitedApp(limitRate({ limiter, ...limits }));
    await app.post('/others');
    expect((await app.post('/others')).headers['retry-after']).toBe('3600');
  });

  it('counts a request against both limits, even if one refuses it', async () => {
    const app = createRateLimitedApp(createRateLimits(limiter).signIn);
    await app.post('/others', { body: { identifier: 'ann' } });
    expect(limiter.keys).toStrictEqual(['network:POST /others:203.0.113.9', 'account:signIn:ann']);
  });
});

describe('a rate limit per network', () => {
  it('is shared by all paths of a route and separate for each route', async () => {
    const app = createRateLimitedApp(twicePerMinute());
    for (const path of ['/things/1', '/things/2?x=1', '/things/%31', '/others']) {
      await app.post(path);
    }
    expect(limiter.keys).toStrictEqual([
      ...Array(3).fill('network:POST /things/:id:203.0.113.9'),
      'network:POST /others:203.0.113.9',
    ]);
    expect((await app.post('/things/4')).status).toBe(429);
    expect((await app.post('/others')).status).toBe(200);
  });

  it('is shared by a whole /64 and separate for the next one', async () => {
    const app = createRateLimitedApp(twicePerMinute());
    const statuses: number[] = [];
    for (const from of ['2001:db8::1', '2001:db8::a:b:c:d', '2001:db8::ffff', '2001:db8:0:1::1']) {
      statuses.push((await app.post('/others', { from })).status);
    }
    expect(statuses).toStrictEqual([200, 200, 429, 200]);
  });

  const seenAs = async (
    from: string,
    headers: Readonly<Record<string, string>>,
    trustedProxies?: readonly string[],
  ) => {
    const options = trustedProxies === undefined ? {} : { trustedProxies };
    await createRateLimitedApp(twicePerMinute(), options).post('/others', { from, headers });
    return limiter.keys;
  };

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip'])(
    'ignores %s without a trusted proxy',
    async (header) => {
      expect(await seenAs('203.0.113.9', { [header]: '198.51.100.1' })).toStrictEqual([
        'network:POST /others:203.0.113.9',
      ]);
    },
  );

  it.each([
    ['10.1.1.1', '203.0.113.9', '203.0.113.9'],
    ['10.1.1.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.1.1.1', '198.51.100.1, 203.0.113.9, 10.2.2.2', '203.0.113.9'],
    ['10.1.1.1', '2001:db8::1, 2001:db8:0:7::1', '2001:db8:0:7::/64'],
    ['10.1.1.1', '203.0.113.9, nonsense', 'unknown'],
    ['192.0.2.1', '203.0.113.9', '192.0.2.1'],
  ])(
    'behind the proxy %s uses the rightmost untrusted address of %s',
    async (from, forwarded, seen) => {
      const keys = await seenAs(from, { 'x-forwarded-for': forwarded }, ['10.0.0.0/8']);
      expect(keys).toStrictEqual([`network:POST /others:${seen}`]);
    },
  );
});

describe('the rate limits', () => {
  it('match the documentation', () => {
    expect(rateLimits).toStrictEqual({
      signIn: { network: { points: 300, seconds: 60 }, account: { points: 60, seconds: 60 } },
      register: { network: { points: 120, seconds: 60 }, account: { points: 30, seconds: 3_600 } },
      mail: { network: { points: 120, seconds: 60 }, account: { points: 30, seconds: 3_600 } },
      confirm: { network: { points: 120, seconds: 60 } },
      guest: { network: { points: 60, seconds: 60 } },
      stepUp: { account: { points: 30, seconds: 60 } },
      profile: { account: { points: 60, seconds: 60 } },
      exported: { account: { points: 10, seconds: 3_600 } },
      household: { account: { points: 30, seconds: 3_600 } },
      membership: { account: { points: 120, seconds: 3_600 } },
      invite: { network: { points: 120, seconds: 3_600 }, account: { points: 60, seconds: 3_600 } },
      record: { account: { points: 600, seconds: 60 } },
      oauth: { network: { points: 600, seconds: 60 } },
    });
  });

  it.each<[RateLimitGroup, number]>([
    ['signIn', 60],
    ['register', 30],
    ['mail', 30],
    ['confirm', 120],
    ['guest', 60],
    ['stepUp', 30],
    ['profile', 60],
    ['exported', 10],
    ['household', 30],
    ['membership', 120],
    ['invite', 60],
    ['record', 600],
    ['oauth', 600],
  ])('allow the group %s %i requests for one account from one address', async (group, points) => {
    const app = createRateLimitedApp(createRateLimits(limiter)[group], { user: 'user_1' });
    const body = { email: 'ann@x.example' };
    for (let n = 0; n < points; n += 1) {
      expect((await app.post('/others', { body })).status).toBe(200);
    }
    expectProblem(await app.post('/others', { body }), 'rate_limited');
  });

  it('do not apply without a limiter', async () => {
    const limits = createRateLimits(undefined);
    expect(Object.keys(limits)).toStrictEqual(Object.keys(rateLimits));
    for (const hook of Object.values(limits)) {
      const app = createRateLimitedApp(hook, { user: 'user_1' });
      for (let n = 0; n < 61; n += 1) {
        expect((await app.post('/others', { body: { email: 'ann' } })).status).toBe(200);
      }
    }
  });
});

describe('a rate-limited route with a schema', () => {
  it('counts only requests whose body is valid', async () => {
    const app = fastify()
      .setValidatorCompiler(TypeBoxValidatorCompiler)
      .withTypeProvider<TypeBoxTypeProvider>();
    const { signIn } = createRateLimits(limiter);
    const schema = { body: strictObject({ identifier: HumanText('Who') }) };
    app.post('/sessions', { schema, preHandler: signIn }, async ({ body }) => body.identifier);
    const post = (payload: object) => app.inject({ method: 'POST', url: '/sessions', payload });
    expect((await post({ wrong: 'ann' })).statusCode).toBe(400);
    expect(limiter.keys).toStrictEqual([]);
    expect((await post({ identifier: 'Ann' })).payload).toBe('Ann');
    expect(limiter.keys).toStrictEqual(['network:POST /sessions:127.0.0.1', 'account:signIn:ann']);
  });
});

describe('a rate limiter that fails', () => {
  it('makes the route answer service_unavailable instead of allowing the request', async () => {
    const unavailable = new ApplicationError('service_unavailable', { retryAfterSeconds: 1 });
    const broken = { consume: () => Promise.reject(unavailable) };
    const answer = await createRateLimitedApp(createRateLimits(broken).signIn).post('/others');
    expectProblem(answer, 'service_unavailable');
    expect(answer.headers['retry-after']).toBe('1');
  });
});
