import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { AccessTokenClaims } from '../../../src/application/sessions/access-tokens.ts';
import { createAuthenticate } from '../../../src/application/sessions/authenticate.ts';
import { createEndSession } from '../../../src/application/sessions/end-session.ts';
import { createListSessions } from '../../../src/application/sessions/list-sessions.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import {
  ann,
  contextFrom,
  createSessionServices,
} from '../../support/sessions/session-services.ts';

const ben = { ...ann, userId: 'user_ben' };

const setUp = async () => {
  const services = createSessionServices();
  services.principals.set(ben.userId, ben);
  for (const principal of [ann, ann, ann, ben]) await services.open(principal);
  const endOne = createEndSession(services);
  return {
    ...services,
    end: (userId: string, sessionId: string) => endOne({ userId, sessionId }, contextFrom()),
  };
};

describe('when one session is ended', () => {
  it('ends this one and no other, at once', async () => {
    const { end, sessions, revoked } = await setUp();
    await end('user_ann', 'family-2');
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1', 'family-3']);
    expect([...revoked]).toStrictEqual([['family-2.0', at(600)]]);
  });

  it('is fine with one that has ended already', async () => {
    const { end, eventsOf } = await setUp();
    await end('user_ann', 'family-2');
    await end('user_ann', 'family-2');
    expect(await eventsOf('family-2')).toHaveLength(2);
  });

  it.each(['family-4', 'family-9'])(
    "refuses somebody else's like one that does not exist: %s",
    async (sessionId) => {
      const { end, sessions } = await setUp();
      await expect(end('user_ann', sessionId)).rejects.toStrictEqual(
        new ApplicationError('session_not_found'),
      );
      expect(await sessions.unrevokedFamilyIds('user_ben')).toStrictEqual(['family-4']);
    },
  );
});

describe('when every session of a user is ended', () => {
  it("leaves nothing of the user's, and everybody else's alone", async () => {
    const { endSessions, sessions, eventsOf } = await setUp();
    await endSessions({ userId: 'user_ann', reason: 'deactivated' }, contextFrom());
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect(await sessions.unrevokedFamilyIds('user_ben')).toStrictEqual(['family-4']);
    expect((await eventsOf('family-3')).at(-1)).toMatchObject({ data: { reason: 'deactivated' } });
  });

  it('leaves the one that is to stay', async () => {
    const { endSessions, sessions } = await setUp();
    await endSessions(
      { userId: 'user_ann', reason: 'sign_out', except: 'family-2' },
      contextFrom(),
    );
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-2']);
  });
});

describe('when sessions are listed', () => {
  it('marks the one that asks', async () => {
    const summary = {
      deviceName: null,
      ip: null,
      userAgent: null,
      createdAt: at(0),
      lastUsedAt: at(1),
      expiresAt: at(2),
    };
    const asked: unknown[] = [];
    const { sessions, clock } = await setUp();
    const list = createListSessions({
      clock,
      sessions: {
        ...sessions,
        listLive: async (...question) => {
          asked.push(question);
          return ['one', 'two'].map((id) => ({ id, ...summary }));
        },
      },
    });
    expect(await list('user_ann', 'two')).toStrictEqual([
      { id: 'one', ...summary, current: false },
      { id: 'two', ...summary, current: true },
    ]);
    expect(asked).toStrictEqual([['user_ann', at(0)]]);
  });
});

describe('an access token', () => {
  const claims: AccessTokenClaims = {
    sub: 'user_ann',
    jti: 'family-1.0',
    sid: 'family-1',
    iat: 0,
    exp: 600,
    auth_time: 0,
    hh: null,
    hh_role: null,
    role: 'user',
    tier: 'free',
    email_verified: false,
  };
  const refusal = new ApplicationError('access_token_invalid');

  const setUpToken = async () => {
    const { denylist } = await setUp();
    const verify = async (token: string) => (token === 'genuine' ? claims : undefined);
    const accessTokens = { verify, issue: async () => 'genuine' };
    return { denylist, authenticate: createAuthenticate({ accessTokens, denylist }) };
  };

  it('speaks for its user', async () => {
    const { authenticate } = await setUpToken();
    expect(await authenticate('genuine')).toBe(claims);
  });

  it('is refused when it is not genuine', async () => {
    const { authenticate } = await setUpToken();
    await expect(authenticate('forged')).rejects.toStrictEqual(refusal);
  });

  it('is refused from the moment it is revoked', async () => {
    const { authenticate, denylist } = await setUpToken();
    denylist.add('family-1.0', at(600));
    await expect(authenticate('genuine')).rejects.toStrictEqual(refusal);
  });
});
