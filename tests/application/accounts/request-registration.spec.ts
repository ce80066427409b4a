import { describe, expect, it } from 'vitest';
import { createCreateAccount } from '../../../src/application/accounts/create-account.ts';
import { createRequestRegistration } from '../../../src/application/accounts/request-registration.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createAccountServices,
  hashOf,
  mintedToken,
  PASSWORD,
} from '../../support/identity/account-services.ts';
import { COMMON_PASSWORD, contextFrom } from '../../support/sessions/session-services.ts';

const ANN = 'ann@example.com';
const input = { email: ` ${ANN.toUpperCase()}`, password: PASSWORD, displayName: ' Ann ' };

const setUp = (hash = async (password: string) => hashOf(password)) => {
  const services = createAccountServices();
  const createAccount = createCreateAccount({
    ...services,
    passwords: { ...services.passwords, hash },
  });
  const requestRegistration = createRequestRegistration({ createAccount });
  return {
    ...services,
    request: (changed: Partial<typeof input> = {}) =>
      requestRegistration({ ...input, ...changed }, contextFrom()),
  };
};

describe('requesting a registration', () => {
  it('stores a pending account with its household, and starts no session', async () => {
    const { request, allEvents, steps } = setUp();
    expect(await request()).toBeUndefined();
    expect(await allEvents()).toStrictEqual([
      {
        type: 'UserRegistered',
        data: {
          email: ANN,
          username: null,
          displayName: 'Ann',
          passwordHash: hashOf(PASSWORD),
          householdId: 'household-1',
          role: 'user',
          tier: 'free',
          locale: 'en',
          pending: true,
          registeredAt: START,
        },
      },
      {
        type: 'EmailVerificationRequested',
        data: { email: ANN, token: mintedToken(1, at(86_400)), requestedAt: START },
      },
      {
        type: 'HouseholdCreated',
        data: { name: 'Home', ownerId: 'user-1', home: true, createdAt: START },
      },
    ]);
    expect(steps).toStrictEqual([]);
  });

  it('takes the same course to the same answer when the address is taken', async () => {
    const { request, signUp, typesOf } = setUp();
    await signUp('user_ann', ANN);
    expect(await request()).toBeUndefined();
    expect(await typesOf('user-1', 0)).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
    ]);
  });

  it.each([
    ['email_invalid', { email: 'nobody' }],
    ['display_name_invalid', { displayName: '' }],
    ['password_too_short', { password: 'short' }],
    ['password_too_common', { password: COMMON_PASSWORD }],
  ])('stores nothing when the input is malformed: %s', async (code, malformed) => {
    const { request, allEvents } = setUp();
    await expect(request(malformed)).rejects.toMatchObject({ code });
    expect(await allEvents()).toStrictEqual([]);
  });

  it('stores nothing when the hasher is busy', async () => {
    const busy = new ApplicationError('server_busy');
    const { request, allEvents } = setUp(() => Promise.reject(busy));
    await expect(request()).rejects.toBe(busy);
    expect(await allEvents()).toStrictEqual([]);
  });
});
