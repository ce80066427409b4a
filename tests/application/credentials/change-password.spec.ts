import { describe, expect, it } from 'vitest';
import { createChangePassword } from '../../../src/application/credentials/change-password.ts';
import { AUTH_TIME, verifiedAccount } from '../../support/credentials/password-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { hashOf, NEW_PASSWORD, PASSWORD } from '../../support/identity/account-services.ts';
import { ann, COMMON_PASSWORD, contextFrom } from '../../support/sessions/session-services.ts';

describe('changing a password', () => {
  it('sets the new password and ends every other session of the user', async () => {
    const { change, currentHash, sessions } = await verifiedAccount();
    await change(PASSWORD);
    expect(await currentHash()).toBe(hashOf(NEW_PASSWORD));
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1']);
  });

  it('stores PasswordChanged, and TokenFamilyRevoked for the other session', async () => {
    const { change, eventsOfUser, eventsOf } = await verifiedAccount();
    await change(PASSWORD);
    expect((await eventsOfUser('user_ann')).slice(2)).toStrictEqual([
      {
        type: 'PasswordChanged',
        data: { passwordHash: hashOf(NEW_PASSWORD), reason: 'change', changedAt: START },
      },
    ]);
    expect((await eventsOf('family-1')).map(({ type }) => type)).toStrictEqual([
      'TokenFamilyStarted',
    ]);
    expect((await eventsOf('family-2')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: 'user_ann',
          reason: 'password_changed',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: START,
        },
      },
    ]);
  });

  it('accepts a sign-in of the last five minutes instead of the old password', async () => {
    const { change, currentHash } = await verifiedAccount();
    await change(undefined);
    expect(await currentHash()).toBe(hashOf(NEW_PASSWORD));
  });

  it('requires the old password when the sign-in is older than five minutes', async () => {
    const { change, currentHash, clock } = await verifiedAccount();
    clock.advance(301);
    await expect(change(undefined)).rejects.toMatchObject({ code: 'step_up_required' });
    expect(await currentHash()).toBe(hashOf(PASSWORD));
  });

  it('ends no session when the old password is wrong', async () => {
    const { change, currentHash, sessions } = await verifiedAccount();
    await expect(change('something else')).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await currentHash()).toBe(hashOf(PASSWORD));
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1', 'family-2']);
  });

  it('refuses a common new password before it checks the old one', async () => {
    const { change, typesOf } = await verifiedAccount();
    await expect(change('something else', COMMON_PASSWORD)).rejects.toMatchObject({
      code: 'password_too_common',
    });
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('refuses a new password that is too short', async () => {
    const { change, typesOf } = await verifiedAccount();
    await expect(change(PASSWORD, 'short')).rejects.toMatchObject({ code: 'password_too_short' });
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });
});

describe('changing a password while something else changes', () => {
  it.each([PASSWORD, undefined])(
    'is refused when another change of the password was stored first: %s',
    async (password) => {
      const world = await verifiedAccount();
      const contested = createChangePassword({
        ...world,
        passwords: {
          ...world.passwords,
          hash: async (chosen) => {
            const data = {
              checkedHash: hashOf(PASSWORD),
              passwordHash: hashOf('first'),
              now: START,
            };
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
      expect(await world.currentHash()).toBe(hashOf('first'));
    },
  );

  it('is refused when the account was deactivated while the new password was hashed', async () => {
    const world = await verifiedAccount();
    const late = createChangePassword({
      ...world,
      passwords: {
        ...world.passwords,
        hash: async (chosen) => {
          await world.give('user_ann', { type: 'DeactivateUser', data: { now: START } });
          return hashOf(chosen);
        },
      },
    });
    const who = { userId: ann.userId, sessionId: 'family-2', authTime: AUTH_TIME };
    await expect(
      late({ ...who, password: PASSWORD, newPassword: NEW_PASSWORD }, contextFrom()),
    ).rejects.toMatchObject({ name: 'DomainError', code: 'user_deactivated' });
    expect(await world.currentHash()).toBe(hashOf(PASSWORD));
  });

  it('is refused when the session was ended while the new password was hashed', async () => {
    const world = await verifiedAccount();
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
    expect(await world.currentHash()).toBe(hashOf(PASSWORD));
    expect(await world.sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1']);
  });
});
