import { describe, expect, it } from 'vitest';
import { createRotateRefreshToken } from '../../../src/application/sessions/rotate-refresh-token.ts';
import type { SessionPolicy } from '../../../src/application/sessions/session-policy.ts';
import {
  ann,
  contextFrom,
  createSessionServices,
  policy,
} from '../../support/sessions/session-services.ts';

const setUp = (changed: Partial<SessionPolicy> = {}) => {
  const services = createSessionServices();
  let loads = 0;
  const rotate = createRotateRefreshToken({
    ...services,
    loadRefreshContext: (familyId) => {
      loads += 1;
      return services.loadRefreshContext(familyId);
    },
    policy: { ...policy, ...changed },
  });
  return {
    ...services,
    loads: () => loads,
    refresh: (refreshToken: string, agent?: string) => rotate(refreshToken, contextFrom(agent)),
  };
};

const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);
const invalid = { code: 'refresh_token_invalid' };
const reused = { code: 'refresh_token_reused' };

describe('presenting the live refresh token', () => {
  it('answers the next token pair', async () => {
    const { open, refresh, clock } = setUp();
    const { refreshToken } = await open();
    clock.advance(60);
    expect(await refresh(refreshToken)).toStrictEqual({
      accessToken: 'jwt family-1.1',
      expiresIn: 600,
      refreshToken: 'lkr family-1 1 salt-1 7',
      refreshExpiresIn: 86_400,
      sessionId: 'family-1',
      accessTokenId: 'family-1.1',
    });
  });

  it('names the user as the actor of the rotation', async () => {
    const { open, refresh, eventStore } = setUp();
    await refresh((await open()).refreshToken);
    const { events } = await eventStore.readStream({ category: 'tokenFamily', id: 'family-1' });
    expect(events.map(({ metadata }) => metadata.actor)).toStrictEqual(['user_ann', 'user_ann']);
  });

  it('answers the seconds until the absolute end of the session when it is near', async () => {
    const { open, refresh, clock } = setUp();
    let { refreshToken } = await open();
    for (let day = 0; day < 7; day += 1) {
      clock.advance(86_399);
      ({ refreshToken } = await refresh(refreshToken));
    }
    expect(await refresh(refreshToken)).toMatchObject({ refreshExpiresIn: 7 });
  });
});

describe('presenting a refresh token again whose answer was lost', () => {
  it('answers the identical refresh token with another access token', async () => {
    const { open, refresh, clock } = setUp();
    const { refreshToken } = await open();
    const lost = await refresh(refreshToken);
    clock.advance(29);
    expect(await refresh(refreshToken)).toStrictEqual({
      ...lost,
      accessToken: 'jwt family-1.2',
      accessTokenId: 'family-1.2',
      refreshExpiresIn: 86_371,
    });
  });

  it('answers the identical refresh token after the key was replaced', async () => {
    const { open, refresh, keys } = setUp();
    const first = await open();
    const lost = await refresh(first.refreshToken);
    keys.current = 9;
    const again = await refresh(first.refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect((await refresh(again.refreshToken)).refreshToken).toBe('lkr family-1 2 salt-1 9');
  });
});

describe('presenting one refresh token many times at once', () => {
  it('rotates once, and answers all requests of one client with the same pair', async () => {
    const { open, refresh, eventsOf, loads } = setUp();
    const { refreshToken } = await open();
    const pairs = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(new Set(pairs.map((pair) => JSON.stringify(pair))).size).toBe(1);
    expect(typesOf(await eventsOf('family-1'))).toStrictEqual([
      'TokenFamilyStarted',
      'RefreshTokenRotated',
    ]);
    expect(loads()).toBe(1);
  });

  it('detects a theft when a second client presents it', async () => {
    const { open, refresh, eventsOf } = setUp();
    const { refreshToken } = await open();
    const answers = await Promise.allSettled([
      refresh(refreshToken),
      refresh(refreshToken, 'curl'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toStrictEqual(['fulfilled', 'rejected']);
    expect(typesOf(await eventsOf('family-1')).slice(2)).toStrictEqual([
      'TokenTheftDetected',
      'TokenFamilyRevoked',
    ]);
  });

  it('refuses a late request once the session has ended', async () => {
    const { open, refresh, revokeTokenFamily } = setUp();
    const { refreshToken } = await open();
    await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(refresh(refreshToken)).rejects.toMatchObject(invalid);
  });
});

describe('presenting a refresh token that another client has rotated', () => {
  const steal = async (changed?: Partial<SessionPolicy>) => {
    const services = setUp(changed);
    const { refreshToken } = await services.open();
    await services.open();
    await services.refresh(refreshToken);
    await expect(services.refresh(refreshToken, 'curl')).rejects.toMatchObject(reused);
    return { ...services, refreshToken };
  };

  it('refuses every access token of the family at once', async () => {
    const { revoked } = await steal();
    expect([...revoked.keys()]).toStrictEqual(['family-1.0', 'family-1.1']);
  });

  it('revokes the family for its owner, too', async () => {
    const { refresh } = await steal();
    await expect(refresh('lkr family-1 1 salt-1 7')).rejects.toMatchObject(invalid);
  });

  it('keeps the other sessions of the user', async () => {
    const { sessions } = await steal();
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-2']);
  });

  it('ends the other sessions of the user where the policy says so', async () => {
    const { sessions, revoked, eventsOf } = await steal({ theftScope: 'user' });
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect([...revoked.keys()]).toContain('family-2.0');
    expect((await eventsOf('family-2')).at(-1)).toMatchObject({ data: { reason: 'theft' } });
  });

  it('refuses the next attempt like an unknown token', async () => {
    const { refresh, refreshToken } = await steal();
    await expect(refresh(refreshToken, 'curl')).rejects.toMatchObject(invalid);
  });
});

describe('presenting a refresh token that is refused', () => {
  it('refuses a malformed token without a look-up', async () => {
    const { refresh, loads } = setUp();
    await expect(refresh('not a token')).rejects.toMatchObject(invalid);
    expect(loads()).toBe(0);
  });

  it('refuses the token of an unknown family', async () => {
    const { refresh, eventsOf } = setUp();
    await expect(refresh('lkr family-9 0 salt-9 7')).rejects.toMatchObject(invalid);
    expect(await eventsOf('family-9')).toStrictEqual([]);
  });

  it.each([
    ['is deactivated', { ...ann, active: false }],
    ['is erased', undefined],
  ])('stores nothing when the user %s', async (_, principal) => {
    const { open, refresh, principals, eventsOf } = setUp();
    const { refreshToken } = await open();
    if (principal === undefined) principals.clear();
    else principals.set(ann.userId, principal);
    await expect(refresh(refreshToken)).rejects.toMatchObject(invalid);
    expect(typesOf(await eventsOf('family-1'))).toStrictEqual(['TokenFamilyStarted']);
  });
});
