import { describe, expect, it } from 'vitest';
import { createChangePassword } from '../../../src/application/credentials/change-password.ts';
import { createRequestPasswordReset } from '../../../src/application/credentials/request-password-reset.ts';
import { createResetPassword } from '../../../src/application/credentials/reset-password.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { client, lockout } from '../../support/events/user-fixtures.ts';
import {
  createAccountServices,
  hashOf,
  NEW_PASSWORD,
  PASSWORD,
} from '../../support/identity/account-services.ts';
import { ann, COMMON_PASSWORD, contextFrom } from '../../support/sessions/session-services.ts';

const ANN = 'ann@example.com';
const AUTH_TIME = Date.parse(START) / 1_000;

const setUp = () => {
  const services = createAccountServices();
  const requestPasswordReset = createRequestPasswordReset(services);
  const resetPassword = createResetPassword(services);
  const changePassword = createChangePassword(services);
  return {
    ...services,
    askForReset: (email: string) => requestPasswordReset(email, contextFrom()),
    reset: (n: number, newPassword = NEW_PASSWORD) =>
      resetPassword({ token: `otp ${n}`, newPassword }, contextFrom()),
    change: (password: string | undefined, newPassword = NEW_PASSWORD) =>
      changePassword(
        { userId: 'user_ann', sessionId: 'family-1', authTime: AUTH_TIME, password, newPassword },
        contextFrom(),
      ),
    hashNow: async () => (await services.accounts.findById('user_ann'))?.passwordHash,
  };
};

const proven = async () => {
  const world = setUp();
  await world.signUp('user_ann', ANN, { verification: 'vouched' });
  await world.open();
  await world.open();
  return world;
};

describe('when a reset is asked for', () => {
  it('sends a link to the account that has the address, answered after a while', async () => {
    const { askForReset, typesOf, pauses } = await proven();
    await askForReset(` ${ANN.toUpperCase()}`);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['PasswordResetRequested']);
    expect(pauses).toStrictEqual([100]);
  });

  it('sends one to the youngest that waits for the address', async () => {
    const { signUp, askForReset, typesOf } = setUp();
    await signUp('user_old', ANN, { pending: true });
    await signUp('user_new', ANN, { pending: true });
    await askForReset(ANN);
    expect([await typesOf('user_old'), await typesOf('user_new')]).toStrictEqual([
      [],
      ['PasswordResetRequested'],
    ]);
  });

  it('sends one to a guest who wants to keep the account under the address', async () => {
    const { signUp, give, clock, oneTimeTokens, askForReset, typesOf } = setUp();
    await signUp('user_gus', null, { passwordHash: null, tier: 'anonymous' });
    const now = clock.now();
    const token = oneTimeTokens.issue('email_verification', now);
    const wish = { email: ANN, username: null, displayName: 'Gus', passwordHash: 'a hash' };
    await give('user_gus', { type: 'RequestGuestUpgrade', data: { ...wish, token, now } });
    await askForReset(ANN);
    expect((await typesOf('user_gus')).at(-1)).toBe('PasswordResetRequested');
  });

  it('sends nothing, and takes as long, when nobody has the address', async () => {
    const { askForReset, allEvents, pauses } = setUp();
    await askForReset('nobody@example.com');
    expect([await allEvents(), pauses]).toStrictEqual([[], [100]]);
  });

  it('refuses what is no address', () =>
    expect(() => setUp().askForReset('nobody')).toThrow(
      expect.objectContaining({ code: 'email_invalid' }),
    ));
});

describe('when a password is reset', () => {
  it('is the new one, every session ends, and its user did it', async () => {
    const { askForReset, reset, hashNow, sessions, eventStore } = await proven();
    await askForReset(ANN);
    await reset(1);
    expect(await hashNow()).toBe(hashOf(NEW_PASSWORD));
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)).toMatchObject({
      event: { type: 'PasswordChanged' },
      metadata: { actor: 'user_ann' },
    });
  });

  it('works once', async () => {
    const { askForReset, reset, hashNow } = await proven();
    await askForReset(ANN);
    await reset(1);
    await expect(reset(1, 'yet another password')).rejects.toMatchObject({ code: 'token_invalid' });
    expect(await hashNow()).toBe(hashOf(NEW_PASSWORD));
  });

  it('lifts a lock', async () => {
    const { askForReset, reset, give, clock, accounts } = await proven();
    const data = {
      checkedHash: hashOf(PASSWORD),
      client,
      policy: { ...lockout, maxFailures: 1 },
      now: clock.now(),
    };
    await give('user_ann', { type: 'RecordSignInFailure', data });
    await askForReset(ANN);
    await reset(1);
    expect(await accounts.findById('user_ann')).toMatchObject({ lockedUntil: null });
  });

  it('proves the address of an account that waits, and claims what it asked for', async () => {
    const { signUp, askForReset, reset, typesOf, steps } = setUp();
    await signUp('user_ann', ANN, { pending: true, username: 'ann' });
    await askForReset(ANN);
    await reset(1);
    expect(await typesOf('user_ann', 2)).toStrictEqual([
      'EmailVerified',
      'UsernameChanged',
      'PasswordChanged',
    ]);
    expect(steps).toStrictEqual([`claim email ${ANN}`, 'claim username ann']);
  });

  it('gives back what it claimed when the link is too old, and changes nothing', async () => {
    const { signUp, askForReset, reset, clock, steps, typesOf } = setUp();
    await signUp('user_ann', ANN, { pending: true });
    await askForReset(ANN);
    clock.advance(3_600);
    await expect(reset(1)).rejects.toMatchObject({ code: 'token_invalid' });
    expect(steps).toStrictEqual([`claim email ${ANN}`, `release email ${ANN}`]);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it.each([
    [COMMON_PASSWORD, 'password_too_common'],
    ['short', 'password_too_short'],
  ])('keeps the link good when the password is none to choose: %s', async (password, code) => {
    const { askForReset, reset, hashNow } = await proven();
    await askForReset(ANN);
    await expect(reset(1, password)).rejects.toMatchObject({ code });
    await reset(1);
    expect(await hashNow()).toBe(hashOf(NEW_PASSWORD));
  });
});

describe('when a password is changed', () => {
  it('is the new one, and every other session ends', async () => {
    const { change, hashNow, sessions } = await proven();
    await change(PASSWORD);
    expect(await hashNow()).toBe(hashOf(NEW_PASSWORD));
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1']);
  });

  it('takes a fresh sign-in for the old one', async () => {
    const { change, hashNow } = await proven();
    await change(undefined);
    expect(await hashNow()).toBe(hashOf(NEW_PASSWORD));
  });

  it('ends nothing when the old one is wrong', async () => {
    const { change, hashNow, sessions } = await proven();
    await expect(change('something else')).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await hashNow()).toBe(hashOf(PASSWORD));
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1', 'family-2']);
  });

  it('looks at the new one before the old one', async () => {
    const { change, typesOf } = await proven();
    await expect(change('something else', COMMON_PASSWORD)).rejects.toMatchObject({
      code: 'password_too_common',
    });
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it.each([PASSWORD, undefined])('loses against a change that came first: %s', async (password) => {
    const world = await proven();
    const contested = createChangePassword({
      ...world,
      passwords: {
        ...world.passwords,
        hash: async (chosen) => {
          const data = { checkedHash: hashOf(PASSWORD), passwordHash: hashOf('first'), now: START };
          await world.give('user_ann', { type: 'ChangePassword', data });
          return hashOf(chosen);
        },
      },
    });
    await expect(
      contested(
        {
          userId: ann.userId,
          sessionId: 'family-2',
          authTime: AUTH_TIME,
          password,
          newPassword: NEW_PASSWORD,
        },
        contextFrom(),
      ),
    ).rejects.toMatchObject({ name: 'DomainError', code: 'credentials_changed' });
    expect(await world.hashNow()).toBe(hashOf('first'));
  });

  it('changes nothing for a session that was ended while the new one was hashed', async () => {
    const world = await proven();
    const late = createChangePassword({
      ...world,
      passwords: {
        ...world.passwords,
        hash: async (chosen) => {
          await world.revokeTokenFamily('family-2', 'admin', contextFrom());
          return hashOf(chosen);
        },
      },
    });
    const who = { userId: ann.userId, sessionId: 'family-2', authTime: AUTH_TIME };
    await expect(
      late({ ...who, password: PASSWORD, newPassword: NEW_PASSWORD }, contextFrom()),
    ).rejects.toMatchObject({ code: 'access_token_invalid' });
    expect(await world.hashNow()).toBe(hashOf(PASSWORD));
    expect(await world.sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1']);
  });
});
