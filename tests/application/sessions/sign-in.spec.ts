import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/application/identity/account-directory.ts';
import type { PasswordHasher } from '../../../src/application/identity/password-hasher.ts';
import { userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { createSignIn } from '../../../src/application/sessions/sign-in.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { register } from '../../support/events/user-fixtures.ts';
import {
  ann,
  contextFrom,
  createSessionServices,
  policy,
} from '../../support/sessions/session-services.ts';

const account: Account = {
  ...ann,
  passwordHash: 'hash of right',
  lockedUntil: null,
  profile: {
    id: 'user_ann',
    email: 'ann@example.com',
    emailVerified: false,
    username: 'ann',
    displayName: 'Ann',
    role: 'user',
    tier: 'free',
    locale: 'en',
    active: true,
    household: { id: 'hh_home', name: 'Home', role: 'owner' },
    createdAt: START,
  },
};

/** What the directory finds by identifier, and afterwards by id. */
type Found = Readonly<{ first?: Account | undefined; later?: Account | undefined }>;

const setUp = async (found: Found = {}, hasher: Partial<PasswordHasher> = {}) => {
  const { first, later } = { first: account, ...found };
  const services = createSessionServices();
  const { commands, eventStore } = services;
  const registration = { ...register.data, passwordHash: 'hash of right' };
  await commands.append([
    commands.begin(
      userAggregate,
      'user_ann',
      { type: 'RegisterUser', data: registration },
      contextFrom(),
    ).append,
  ]);
  const verified: [string | null, string][] = [];
  const asked: unknown[] = [];
  const signIn = createSignIn({
    ...services,
    policy,
    accounts: {
      findByIdentifier: async (identifier) => {
        asked.push(identifier);
        return first;
      },
      findById: async () => ('later' in found ? later : first),
      findAddressHolder: async () => undefined,
      findPrincipal: async () => undefined,
      findLatestPending: async () => undefined,
      hasOtherActiveAdmin: async () => false,
    },
    passwords: {
      hash: async (password) => `new hash of ${password}`,
      verify: async (hash, password) => {
        verified.push([hash, password]);
        return hash?.endsWith(`hash of ${password}`) ?? false;
      },
      isOutdated: () => false,
      ...hasher,
    },
  });
  const typesIn = async (category: 'user' | 'tokenFamily', id: string) => {
    const { events } = await eventStore.readStream({ category, id });
    return events.map(({ event }) => event.type);
  };
  return {
    ...services,
    verified,
    asked,
    userEvents: () => typesIn('user', 'user_ann'),
    familyEvents: () => typesIn('tokenFamily', 'family-1'),
    signIn: (password: string, identifier = 'Ann@Example.com') =>
      signIn({ identifier, password, deviceName: 'Phone' }, contextFrom()),
  };
};

const refusal = new ApplicationError('invalid_credentials');

describe('signing in with the right password', () => {
  it('answers the first token pair of a new session, and the user', async () => {
    const { signIn, asked } = await setUp();
    expect(await signIn('right')).toStrictEqual({
      accessToken: 'jwt family-1.0',
      expiresIn: 600,
      refreshToken: 'lkr family-1 0 salt-1 7',
      refreshExpiresIn: 86_400,
      sessionId: 'family-1',
      accessTokenId: 'family-1.0',
      user: account.profile,
    });
    expect(asked).toStrictEqual([{ kind: 'email', value: 'ann@example.com' }]);
  });

  it('writes to the stream of the new session only', async () => {
    const { signIn, userEvents, eventsOf } = await setUp();
    await signIn('right');
    expect(await userEvents()).toStrictEqual(['UserRegistered']);
    expect(await eventsOf('family-1')).toMatchObject([
      { type: 'TokenFamilyStarted', data: { userId: 'user_ann', deviceName: 'Phone' } },
    ]);
  });

  it('renews an outdated password hash', async () => {
    const { signIn, eventStore } = await setUp({}, { isOutdated: () => true });
    await signIn('right');
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)).toMatchObject({
      event: { type: 'PasswordRehashed', data: { passwordHash: 'new hash of right' } },
      metadata: { actor: 'user_ann' },
    });
  });

  it('succeeds when the outdated hash cannot be renewed now', async () => {
    const busy = async () => {
      throw new ApplicationError('server_busy');
    };
    const { signIn, userEvents } = await setUp({}, { isOutdated: () => true, hash: busy });
    expect((await signIn('right')).sessionId).toBe('family-1');
    expect(await userEvents()).toStrictEqual(['UserRegistered']);
  });
});

describe('signing in that is refused', () => {
  it.each<[string, Found]>([
    ['the account is deactivated', { first: { ...account, active: false } }],
    ['the account is locked', { first: { ...account, lockedUntil: at(0.001) } }],
  ])('opens no session, because %s', async (_, found) => {
    const { signIn, familyEvents, userEvents, verified } = await setUp(found);
    await expect(signIn('right')).rejects.toStrictEqual(refusal);
    // Like an unknown user: neither the time nor a record shows that the password was right.
    expect(verified).toStrictEqual([[null, 'right']]);
    expect(await familyEvents()).toStrictEqual([]);
    expect(await userEvents()).toStrictEqual(['UserRegistered']);
  });

  it.each<[string, Account]>([
    ['deactivated', { ...account, active: false }],
    ['locked', { ...account, lockedUntil: at(0.001) }],
  ])('counts no wrong password of an account that is %s', async (_, first) => {
    const { signIn, userEvents } = await setUp({ first });
    await expect(signIn('wrong')).rejects.toStrictEqual(refusal);
    expect(await userEvents()).toStrictEqual(['UserRegistered']);
  });

  it('stores SignInFailed before it refuses a wrong password', async () => {
    const { signIn, userEvents, familyEvents } = await setUp();
    await expect(signIn('wrong')).rejects.toStrictEqual(refusal);
    expect(await userEvents()).toStrictEqual(['UserRegistered', 'SignInFailed']);
    expect(await familyEvents()).toStrictEqual([]);
  });

  it('locks the account with the tenth wrong password', async () => {
    const { signIn, userEvents } = await setUp();
    for (let n = 0; n < 11; n += 1) await expect(signIn('wrong')).rejects.toStrictEqual(refusal);
    expect((await userEvents()).slice(-2)).toStrictEqual(['SignInFailed', 'UserLocked']);
    expect(await userEvents()).toHaveLength(12);
  });

  it.each<[string, string, Found]>([
    ['no account has the identifier', 'nobody@example.com', { first: undefined }],
    ['no account can have the identifier', 'not@an@address', {}],
    ['the account has no password', 'ann', { first: { ...account, passwordHash: null } }],
  ])('verifies a password in the same time, because %s', async (_, identifier, found) => {
    const { signIn, verified, userEvents } = await setUp(found);
    await expect(signIn('right', identifier)).rejects.toStrictEqual(refusal);
    expect(verified).toStrictEqual([[null, 'right']]);
    expect(await userEvents()).toStrictEqual(['UserRegistered']);
  });

  it('passes on that the hasher is busy', async () => {
    const busy = new ApplicationError('server_busy', { retryAfterSeconds: 1 });
    const verify = async () => {
      throw busy;
    };
    const { signIn } = await setUp({}, { verify });
    await expect(signIn('right')).rejects.toBe(busy);
  });
});

describe('signing in to an account that changes while the password is verified', () => {
  it.each<[string, string, Account | undefined]>([
    ['deactivated', 'it was deactivated', { ...account, active: false }],
    ['password_changed', 'it has another password', { ...account, passwordHash: 'hash of other' }],
    ['admin', 'it was locked', { ...account, lockedUntil: at(60) }],
    ['erased', 'it was erased', undefined],
  ])('revokes the new session as %s, because %s', async (reason, _, later) => {
    const { signIn, eventsOf, revoked } = await setUp({ later });
    await expect(signIn('right')).rejects.toStrictEqual(refusal);
    expect((await eventsOf('family-1')).at(-1)).toMatchObject({
      type: 'TokenFamilyRevoked',
      data: { reason },
    });
    expect([...revoked.keys()]).toStrictEqual(['family-1.0']);
  });

  it('keeps the session when the same password was hashed again', async () => {
    const { signIn } = await setUp({ later: { ...account, passwordHash: 'new hash of right' } });
    expect((await signIn('right')).sessionId).toBe('family-1');
  });
});
