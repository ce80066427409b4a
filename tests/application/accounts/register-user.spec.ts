import { describe, expect, it } from 'vitest';
import { createCreateAccount } from '../../../src/application/accounts/create-account.ts';
import { createRegisterUser } from '../../../src/application/accounts/register-user.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createAccountServices,
  hashOf,
  mintedToken,
  PASSWORD,
} from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const input = {
  email: ' Ann@EXAMPLE.com',
  password: PASSWORD,
  displayName: ' Ann ',
  username: 'Ann',
};

const setUp = () => {
  const services = createAccountServices();
  const registerUser = createRegisterUser({
    ...services,
    createAccount: createCreateAccount(services),
  });
  const places = async () => {
    const found: unknown[] = [];
    for await (const { stream, event } of services.eventStore.readAll()) {
      found.push([stream.id, event.type]);
    }
    return found;
  };
  return {
    ...services,
    places,
    register: (
      changed: Partial<Parameters<typeof registerUser>[0]> = {},
      start?: 'unverified' | 'verified',
    ) => registerUser({ ...input, ...changed }, contextFrom(), start),
  };
};

describe('registering a user', () => {
  it('creates account, household and first session together, and signs in', async () => {
    const { register, places } = setUp();
    const { user, ...pair } = await register({ deviceName: 'Phone' });
    expect(user).toStrictEqual({
      id: 'user-1',
      email: 'ann@example.com',
      emailVerified: false,
      username: 'ann',
      displayName: 'Ann',
      role: 'user',
      tier: 'free',
      locale: 'en',
      active: true,
      household: { id: 'household-1', name: 'Home', role: 'owner' },
      createdAt: START,
    });
    expect(pair).toMatchObject({ sessionId: 'family-1', accessToken: 'jwt family-1.0' });
    expect(await places()).toStrictEqual([
      ['user-1', 'UserRegistered'],
      ['user-1', 'EmailVerificationRequested'],
      ['household-1', 'HouseholdCreated'],
      ['family-1', 'TokenFamilyStarted'],
    ]);
  });

  it('stores the account with its identifiers claimed and the session of the device', async () => {
    const { register, allEvents, steps } = setUp();
    await register({ deviceName: 'Phone' });
    expect(steps).toStrictEqual(['claim email ann@example.com,username ann']);
    expect(await allEvents()).toStrictEqual([
      {
        type: 'UserRegistered',
        data: {
          email: 'ann@example.com',
          username: 'ann',
          displayName: 'Ann',
          passwordHash: hashOf(PASSWORD),
          householdId: 'household-1',
          role: 'user',
          tier: 'free',
          locale: 'en',
          pending: false,
          registeredAt: START,
        },
      },
      {
        type: 'EmailVerificationRequested',
        data: {
          email: 'ann@example.com',
          token: mintedToken(1, at(86_400)),
          requestedAt: START,
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
          deviceName: 'Phone',
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

  it('counts the address as verified when the caller vouches for it', async () => {
    const { register, places } = setUp();
    const { user } = await register({}, 'verified');
    expect(user).toMatchObject({ email: 'ann@example.com', emailVerified: true });
    expect(await places()).toContainEqual(['user-1', 'EmailVerified']);
  });

  it('is refused when another account has the address, and stores nothing', async () => {
    const { register, signUp, allEvents } = setUp();
    await signUp('user_ben', 'ann@example.com');
    await expect(register()).rejects.toMatchObject({ code: 'identifier_taken' });
    expect((await allEvents()).map(({ type }) => type)).toStrictEqual(['UserRegistered']);
  });

  it.each([
    ['email_invalid', { email: 'nobody' }],
    ['username_invalid', { username: 'a' }],
    ['display_name_invalid', { displayName: '' }],
    ['password_too_short', { password: 'short' }],
  ])('claims and stores nothing when the input is malformed: %s', async (code, malformed) => {
    const { register, steps, allEvents } = setUp();
    await expect(register(malformed)).rejects.toMatchObject({ code });
    expect([steps, await allEvents()]).toStrictEqual([[], []]);
  });
});
