import fastify, { type RouteShorthandOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ADMINISTRATOR_STEP_UP,
  ANONYMOUS,
  GUEST,
  memberOfPath,
  RESOURCE_SERVER,
  USER,
} from '../../../../src/adapters/http/access/access-rules.ts';
import {
  type AccessChecks,
  registerAccess,
} from '../../../../src/adapters/http/access/enforce-access.ts';
import { registerProblemDetails } from '../../../../src/adapters/http/problems/problem-details.ts';
import type { RouteAccess } from '../../../../src/application/auditing/explanation/route-access.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { DomainError } from '../../../../src/domain/domain-error.ts';

const CLAIMS = { sub: 'user_ann', sid: 'session', auth_time: 1, tier: 'free', hh: null };

/** Every check, in the order in which a request meets it, and `refusals` to have one of them fail. */
const openApp = async (access: RouteAccess, refusals: Readonly<Record<string, Error>> = {}) => {
  const met: string[] = [];
  const meet = async <Result>(name: string, result: Result): Promise<Result> => {
    met.push(name);
    const refusal = refusals[name];
    if (refusal !== undefined) throw refusal;
    return result;
  };
  const app = fastify();
  registerProblemDetails(app);
  registerAccess(app, {
    authenticate: () => meet('authenticate', CLAIMS),
    requireAdmin: () => meet('requireAdmin', undefined),
    readProfile: () => meet('readProfile', { tier: 'anonymous' }),
    readHousehold: () => meet('readHousehold', { role: 'member' }),
    stepUp: () => meet('stepUp', undefined),
    requireResourceServer: () => meet('requireResourceServer', undefined),
    admitAdministrator: () => meet('admitAdministrator', undefined),
  } as unknown as AccessChecks);
  const options: RouteShorthandOptions = {
    config: { access },
    preHandler: () => meet('limit', undefined),
  };
  app.post('/households/:id', options, () => meet('handler', { done: true }));
  app.get('/households/:id', options, () => meet('handler', { done: true }));
  const call = async (method: 'GET' | 'POST' = 'POST') => {
    const headers = { authorization: 'Bearer token' };
    const answer = await app.inject({ method, url: '/households/hh_1', headers });
    return { met, code: answer.json<{ code?: string }>().code ?? null };
  };
  return { app, call };
};

describe('a route that does not declare its access', () => {
  it('does not start', async () => {
    const { app } = await openApp(ANONYMOUS);
    expect(() => app.get('/forgotten', async () => 'open')).toThrow(
      'The route GET /forgotten does not declare config.access.',
    );
  });

  it('starts if a third-party plugin registers it below an instance that declares its access', async () => {
    const { app } = await openApp(ANONYMOUS);
    await app.register(async (docs) => {
      docs.decorate('pluginAccess', ANONYMOUS);
      docs.get('/page', async () => 'open');
    });
    expect((await app.inject('/page')).payload).toBe('open');
  });
});

describe('the checks of a route', () => {
  it.each([
    ['an anonymous caller', ANONYMOUS, ['limit', 'handler']],
    ['a resource server', RESOURCE_SERVER, ['requireResourceServer', 'limit', 'handler']],
    ['a user', USER, ['authenticate', 'limit', 'handler']],
    ['a guest', GUEST, ['authenticate', 'limit', 'handler']],
    ['an account, by its token', ACCOUNT, ['authenticate', 'limit', 'handler']],
    [
      'an administrator who steps up',
      ADMINISTRATOR_STEP_UP,
      ['authenticate', 'requireAdmin', 'limit', 'stepUp', 'handler'],
    ],
    [
      'a member of the household in the path',
      memberOfPath('member'),
      ['authenticate', 'readHousehold', 'limit', 'handler'],
    ],
  ] as const)(
    'for %s run in order, with the rate limit before costly ones',
    async (_, access, order) => {
      const { call } = await openApp(access);
      expect(await call()).toStrictEqual({ met: order, code: null });
    },
  );

  it('leave the membership check of a GET route to the query that reads', async () => {
    const { call } = await openApp(memberOfPath('owner'));
    expect((await call('GET')).met).toStrictEqual(['authenticate', 'limit', 'handler']);
  });
});

describe('a caller without the access that the route declares', () => {
  it('is refused for the role before the rate limit counts the request', async () => {
    const { call } = await openApp(memberOfPath('admin'));
    expect(await call()).toStrictEqual({
      met: ['authenticate', 'readHousehold'],
      code: 'household_role_insufficient',
    });
  });

  it('is refused for the role after the step-up if the route requires one', async () => {
    const { call } = await openApp(memberOfPath('owner', { stepUp: 'always' }));
    expect((await call()).met).toStrictEqual(['authenticate', 'readHousehold', 'limit', 'handler']);
  });

  it('is refused for the current tier of the account', async () => {
    const access = { caller: 'user', tier: { atLeast: 'free', asOf: 'now' } } as const;
    const { call } = await openApp(access);
    expect(await call()).toStrictEqual({
      met: ['authenticate', 'limit', 'readProfile'],
      code: 'tier_insufficient',
    });
  });

  it.each([
    [USER, 'authenticate', new ApplicationError('access_token_invalid')],
    [ADMINISTRATOR_STEP_UP, 'requireAdmin', new ApplicationError('admin_required')],
    [ADMINISTRATOR_STEP_UP, 'stepUp', new ApplicationError('step_up_required')],
    [memberOfPath('viewer'), 'readHousehold', new DomainError('household_not_found')],
  ] as const)('does not reach the handler of %o once %s refuses', async (access, name, refusal) => {
    const { call } = await openApp(access, { [name]: refusal });
    const { met, code } = await call();
    expect(met.at(-1)).toBe(name);
    expect(code).toBe(refusal.code);
  });
});
