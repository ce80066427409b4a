import { describe, expect, it } from 'vitest';
import {
  ANN,
  createPasswordServices,
  verifiedAccount,
} from '../../support/credentials/password-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { client, lockout } from '../../support/events/user-fixtures.ts';
import { hashOf, NEW_PASSWORD, PASSWORD } from '../../support/identity/account-services.ts';
import { COMMON_PASSWORD } from '../../support/sessions/session-services.ts';

const invalid = { code: 'token_invalid' };

describe('resetting a password with a mailed token', () => {
  it('sets the new password, ends every session, and names the user as the actor', async () => {
    const { requestReset, reset, currentHash, sessions, eventStore } = await verifiedAccount();
    await requestReset(ANN);
    await reset(1);
    expect(await currentHash()).toBe(hashOf(NEW_PASSWORD));
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)).toMatchObject({
      event: { type: 'PasswordChanged' },
      metadata: { actor: 'user_ann' },
    });
  });

  it('stores PasswordChanged, and TokenFamilyRevoked for each session', async () => {
    const { requestReset, reset, eventsOfUser, eventsOf } = await verifiedAccount();
    await requestReset(ANN);
    await reset(1);
    expect((await eventsOfUser('user_ann')).slice(3)).toStrictEqual([
      {
        type: 'PasswordChanged',
        data: { passwordHash: hashOf(NEW_PASSWORD), reason: 'reset', changedAt: START },
      },
    ]);
    for (const family of ['family-1', 'family-2']) {
      expect((await eventsOf(family)).slice(1)).toStrictEqual([
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
    }
  });

  it('accepts a token once', async () => {
    const { requestReset, reset, currentHash } = await verifiedAccount();
    await requestReset(ANN);
    await reset(1);
    await expect(reset(1, 'yet another password')).rejects.toMatchObject(invalid);
    expect(await currentHash()).toBe(hashOf(NEW_PASSWORD));
  });

  it('lifts a lock of the account', async () => {
    const { requestReset, reset, give, clock, accounts } = await verifiedAccount();
    const data = {
      checkedHash: hashOf(PASSWORD),
      client,
      policy: { ...lockout, maxFailures: 1 },
      now: clock.now(),
    };
    await give('user_ann', { type: 'RecordSignInFailure', data });
    await requestReset(ANN);
    await reset(1);
    expect(await accounts.findById('user_ann')).toMatchObject({ lockedUntil: null });
  });

  it('verifies the address of a pending account, and claims its address and username', async () => {
    const { signUp, requestReset, reset, typesOf, steps } = createPasswordServices();
    await signUp('user_ann', ANN, { pending: true, username: 'ann' });
    await requestReset(ANN);
    await reset(1);
    expect(await typesOf('user_ann', 2)).toStrictEqual([
      'EmailVerified',
      'UsernameChanged',
      'PasswordChanged',
    ]);
    expect(steps).toStrictEqual([`claim email ${ANN}`, 'claim username ann']);
  });
});

describe('resetting a password that is refused', () => {
  it('releases the claimed identifiers and stores nothing when the token has expired', async () => {
    const { signUp, requestReset, reset, clock, steps, typesOf } = createPasswordServices();
    await signUp('user_ann', ANN, { pending: true });
    await requestReset(ANN);
    clock.advance(3_600);
    await expect(reset(1)).rejects.toMatchObject(invalid);
    expect(steps).toStrictEqual([`claim email ${ANN}`, `release email ${ANN}`]);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('is refused when another account has taken the address of a pending one', async () => {
    const { signUp, requestReset, reset, typesOf } = createPasswordServices();
    await signUp('user_ann', ANN, { pending: true });
    await requestReset(ANN);
    await signUp('user_ben', ANN);
    await expect(reset(1)).rejects.toMatchObject({ name: 'ApplicationError', ...invalid });
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('is refused with a token that was never issued', async () => {
    const { reset, currentHash } = await verifiedAccount();
    await expect(reset(9)).rejects.toMatchObject({ name: 'ApplicationError', ...invalid });
    expect(await currentHash()).toBe(hashOf(PASSWORD));
  });

  it('is refused with a token that was issued for another purpose', async () => {
    const { signUp, oneTimeTokens, reset } = createPasswordServices();
    const verification = oneTimeTokens.issue('email_verification', START);
    await signUp('user_ann', ANN, { verification });
    await expect(reset(1)).rejects.toMatchObject({ name: 'ApplicationError', ...invalid });
  });

  it.each([
    [COMMON_PASSWORD, 'password_too_common'],
    ['short', 'password_too_short'],
  ])('leaves the token valid when the new password is not allowed: %s', async (password, code) => {
    const { requestReset, reset, currentHash } = await verifiedAccount();
    await requestReset(ANN);
    await expect(reset(1, password)).rejects.toMatchObject({ code });
    await reset(1);
    expect(await currentHash()).toBe(hashOf(NEW_PASSWORD));
  });
});
