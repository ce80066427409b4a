import { describe, expect, it } from 'vitest';
import { createGuestServices } from '../../support/accounts/guest-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';

describe('starting a session as a guest', () => {
  it('creates an account without credentials, its household and a session', async () => {
    const { start, allEvents, typesOf, accounts, sessions } = createGuestServices();
    expect(await start({ deviceName: 'Laptop', locale: 'de' })).toMatchObject({
      sessionId: 'family-1',
      user: {
        id: 'user-1',
        email: null,
        emailVerified: false,
        username: null,
        displayName: 'Guest',
        role: 'user',
        tier: 'anonymous',
        locale: 'de',
        active: true,
        household: { id: 'household-1', name: 'Home', role: 'owner' },
        createdAt: START,
      },
    });
    expect((await allEvents()).map(({ type }) => type)).toStrictEqual([
      'UserRegistered',
      'HouseholdCreated',
      'TokenFamilyStarted',
    ]);
    expect(await typesOf('user-1')).toStrictEqual([]);
    expect(await accounts.findById('user-1')).toMatchObject({ passwordHash: null });
    expect(await sessions.unrevokedFamilyIds('user-1')).toStrictEqual(['family-1']);
  });

  it('stores UserRegistered, HouseholdCreated and TokenFamilyStarted', async () => {
    const { start, allEvents } = createGuestServices();
    await start({ deviceName: 'Laptop' });
    expect(await allEvents()).toStrictEqual([
      {
        type: 'UserRegistered',
        data: {
          email: null,
          username: null,
          displayName: 'Guest',
          passwordHash: null,
          householdId: 'household-1',
          role: 'user',
          tier: 'anonymous',
          locale: 'en',
          pending: false,
          registeredAt: START,
        },
      },
      {
        type: 'HouseholdCreated',
        data: { name: 'Home', ownerId: 'user-1', home: true, createdAt: START },
      },
      {
        type: 'TokenFamilyStarted',
        data: {
          userId: 'user-1',
          householdId: 'household-1',
          deviceName: 'Laptop',
          holder: { ip: '192.0.2.1', userAgent: 'Laptop/1.0', agentHash: 'salt-1/Laptop/1.0' },
          salt: 'salt-1',
          refreshToken: { tokenHash: 'hash of lkr family-1 0 salt-1 7', keyId: 7 },
          accessToken: { ordinal: 0, expiresAt: at(600) },
          expiresAt: at(86_400),
          absoluteExpiresAt: at(7 * 86_400),
          startedAt: START,
        },
      },
    ]);
  });

  it('answers a token pair of the stored session', async () => {
    const { user: _, ...pair } = await createGuestServices().start();
    expect(pair).toStrictEqual({
      accessToken: 'jwt family-1.0',
      expiresIn: 600,
      refreshToken: 'lkr family-1 0 salt-1 7',
      refreshExpiresIn: 86_400,
      sessionId: 'family-1',
      accessTokenId: 'family-1.0',
    });
  });

  it('sets the locale to English unless another one is given', async () =>
    expect(await createGuestServices().start()).toMatchObject({ user: { locale: 'en' } }));

  it('shares neither the account nor the household with the next guest', async () => {
    const { start } = createGuestServices();
    const [first, second] = [await start(), await start()];
    expect(first.user.id).not.toBe(second.user.id);
    expect(first.user.household?.id).not.toBe(second.user.household?.id);
  });
});
