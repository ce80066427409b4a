import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { createEndSession } from '../../../src/application/sessions/end-session.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { createOpenedSessions } from '../../support/sessions/opened-sessions.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const setUp = async () => {
  const services = await createOpenedSessions();
  const endOne = createEndSession(services);
  return {
    ...services,
    end: (userId: string, sessionId: string) => endOne({ userId, sessionId }, contextFrom()),
  };
};

describe('ending one session of a user', () => {
  it('ends this session and no other, and refuses its access token at once', async () => {
    const { end, sessions, revoked } = await setUp();
    await end('user_ann', 'family-2');
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1', 'family-3']);
    expect([...revoked]).toStrictEqual([['family-2.0', at(600)]]);
  });

  it('stores TokenFamilyRevoked', async () => {
    const { end, eventsOf } = await setUp();
    await end('user_ann', 'family-2');
    expect((await eventsOf('family-2')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: 'user_ann',
          reason: 'sign_out',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: START,
        },
      },
    ]);
  });

  it('stores nothing when the session has ended already', async () => {
    const { end, eventsOf } = await setUp();
    await end('user_ann', 'family-2');
    await end('user_ann', 'family-2');
    expect(await eventsOf('family-2')).toHaveLength(2);
  });

  it.each(['family-4', 'family-9'])(
    "refuses another user's session like one that does not exist: %s",
    async (sessionId) => {
      const { end, sessions } = await setUp();
      await expect(end('user_ann', sessionId)).rejects.toStrictEqual(
        new ApplicationError('session_not_found'),
      );
      expect(await sessions.unrevokedFamilyIds('user_ben')).toStrictEqual(['family-4']);
    },
  );
});
