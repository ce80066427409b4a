import { describe, expect, it } from 'vitest';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { createOpenedSessions } from '../../support/sessions/opened-sessions.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

describe('ending every session of a user', () => {
  it('ends all sessions of the user, and none of another user', async () => {
    const { endSessions, sessions, eventsOf } = await createOpenedSessions();
    await endSessions({ userId: 'user_ann', reason: 'deactivated' }, contextFrom());
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect(await sessions.unrevokedFamilyIds('user_ben')).toStrictEqual(['family-4']);
    expect((await eventsOf('family-3')).at(-1)).toMatchObject({ data: { reason: 'deactivated' } });
  });

  it('keeps the session that is excepted', async () => {
    const { endSessions, sessions } = await createOpenedSessions();
    await endSessions(
      { userId: 'user_ann', reason: 'sign_out', except: 'family-2' },
      contextFrom(),
    );
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-2']);
  });

  it('stores TokenFamilyRevoked with the reason in each stream, and refuses the access tokens', async () => {
    const { endSessions, eventsOf, revoked } = await createOpenedSessions();
    await endSessions({ userId: 'user_ann', reason: 'admin' }, contextFrom());
    for (const family of ['family-1', 'family-2', 'family-3']) {
      expect((await eventsOf(family)).slice(1)).toStrictEqual([
        {
          type: 'TokenFamilyRevoked',
          data: {
            userId: 'user_ann',
            reason: 'admin',
            accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
            revokedAt: START,
          },
        },
      ]);
    }
    expect([...revoked.keys()]).toStrictEqual(['family-1.0', 'family-2.0', 'family-3.0']);
  });

  it('does nothing for a user without sessions', async () => {
    const { endSessions, sessions, revoked } = await createOpenedSessions();
    await endSessions({ userId: 'user_gone', reason: 'admin' }, contextFrom());
    expect(revoked.size).toBe(0);
    expect(await sessions.unrevokedFamilyIds('user_ben')).toStrictEqual(['family-4']);
  });
});
