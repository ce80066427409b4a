import { describe, expect, it } from 'vitest';
import { isLocked } from '../../../src/domain/user/lockout-decisions.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  ANN,
  ANNA,
  changed,
  changePassword,
  changeRequested,
  deactivated,
  guestRegistered,
  passwordChanged,
  pendingRegistered,
  requestReset,
  resetPassword,
  resetRequested,
  upgradeRequested,
  usernameChanged,
  verificationRequested,
  verified,
} from '../../support/events/account-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import {
  failuresFrom,
  hash,
  issuedToken,
  locked,
  newerHash,
  registered,
} from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);
const HOUR = 3_600;

const unlocked = (seconds: number): UserEvent => ({
  type: 'UserUnlocked',
  data: { reason: 'password_reset', unlockedAt: at(seconds) },
});

describe('a locked account', () => {
  it.each([
    [null, false],
    [at(59.999), false],
    [at(60), false],
    [at(60.001), true],
  ])('until %s is locked at second 60: %s', (lockedUntil, expected) =>
    expect(isLocked({ lockedUntil }, at(60))).toBe(expected),
  );
});

describe('a request to reset the password', () => {
  it('sends a token to the address', () => {
    given(registered).when(requestReset(1, 60)).then(resetRequested(1, 60));
    expect(given(registered, resetRequested(1, 60)).state).toStrictEqual({
      ...given(registered).state,
      tokens: { password_reset: issuedToken(1, at(60 + HOUR)) },
    });
  });

  it('sends a token to the address of a pending account', () =>
    given(pendingRegistered).when(requestReset(1, 60)).then(resetRequested(1, 60)));

  it('sends a token to the current address after a change', () =>
    given(registered, changed(0, 9, 10))
      .when(requestReset(1, 60))
      .then(resetRequested(1, 60, ANNA)));

  it('does not change the password until the token is used', () =>
    expect(given(registered, resetRequested(1)).state).toMatchObject({ passwordHash: hash }));

  it.each<[string, UserEvent[]]>([
    ['there is no address', [guestRegistered]],
    ['the account is deactivated', [registered, deactivated]],
    [
      'a guest with a requested upgrade is deactivated',
      [guestRegistered, upgradeRequested(1), deactivated],
    ],
  ])('stores no event when %s', (_, past) =>
    given(...past)
      .when(requestReset(1, 60))
      .thenNothingHappened(),
  );

  it('sends a token to the address of a guest’s upgrade', () =>
    given(guestRegistered, upgradeRequested(1))
      .when(requestReset(1, 60))
      .then(resetRequested(1, 60)));
});

describe('a reset of the password', () => {
  const requested = [registered, verified(0), resetRequested(1)];

  it('sets the password and invalidates every token except undo tokens', () => {
    given(...requested)
      .when(resetPassword(1, 60))
      .then(passwordChanged('reset', 60));
    expect(
      given(
        ...requested,
        verificationRequested(2),
        changeRequested(3),
        passwordChanged('reset', 60),
      ).state,
    ).toStrictEqual({
      ...given(registered, verified(0)).state,
      passwordHash: newerHash,
      tokens: {},
      newEmail: null,
    });
  });

  it('verifies the address as well', () =>
    given(registered, resetRequested(1))
      .when(resetPassword(1, 60))
      .then(verified(60), passwordChanged('reset', 60)));

  it('completes a pending account', () => {
    given(pendingRegistered, resetRequested(1))
      .when(resetPassword(1, 60))
      .then(verified(60), usernameChanged('ann', 60), passwordChanged('reset', 60));
    given(pendingRegistered, resetRequested(1))
      .when(resetPassword(1, 60, false))
      .then(verified(60), passwordChanged('reset', 60));
  });

  it('lifts a lock and resets the failures', () => {
    const past = [...requested, ...failuresFrom(0, 10), locked(10)];
    given(...past)
      .when(resetPassword(1, 60))
      .then(passwordChanged('reset', 60), unlocked(60));
    expect(given(...past, passwordChanged('reset', 60), unlocked(60)).state).toMatchObject({
      lockedUntil: null,
      failures: [],
    });
  });

  it('stores no unlock when the lock has ended', () =>
    given(...requested, locked(10), resetRequested(2, 3_609))
      .when(resetPassword(2, 3_610))
      .then(passwordChanged('reset', 3_610)));

  it('keeps undo tokens of address changes', () =>
    expect(given(registered, changed(0, 2, 10), passwordChanged('reset', 60)).state).toMatchObject({
      undos: [{ number: 0, email: ANN }],
    }));

  it('accepts the token until the millisecond before its expiry', () => {
    given(...requested)
      .when(resetPassword(1, HOUR - 0.001))
      .then(passwordChanged('reset', HOUR - 0.001));
    given(...requested)
      .when(resetPassword(1, HOUR))
      .thenRefused('token_invalid');
  });

  it.each<[string, UserEvent[]]>([
    ['was never issued', [registered]],
    ['was superseded', [...requested, resetRequested(2, 10)]],
    ['was used', [...requested, passwordChanged('reset', 10)]],
    [
      'was issued before another change of the password',
      [...requested, passwordChanged('change', 10)],
    ],
    ['was issued before a change of the address', [...requested, changed(0, 9, 10)]],
    ['is for a deactivated account', [...requested, deactivated]],
    ['was issued for a verification', [registered, verificationRequested(1)]],
    ['was issued for a change', [registered, changeRequested(1)]],
    ['was issued for an undo', [registered, changed(0, 1, 0)]],
  ])('refuses a token that %s', (_, past) =>
    given(...past)
      .when(resetPassword(1, 60))
      .thenRefused('token_invalid'),
  );
});

describe('a change of the password', () => {
  it('sets the password when the current one was checked', () =>
    given(registered).when(changePassword(hash, 60)).then(passwordChanged('change', 60)));

  it('sets a first password after a recent sign-in', () =>
    given(guestRegistered).when(changePassword(null, 60)).then(passwordChanged('change', 60)));

  it('is refused when no hash was checked but the account has a password', () =>
    given(registered).when(changePassword(null, 60)).thenRefused('credentials_changed'));

  it('is refused for a deactivated account', () =>
    given(registered, deactivated).when(changePassword(hash, 60)).thenRefused('user_deactivated'));

  it('is refused when the password has changed since it was checked', () =>
    given(registered, passwordChanged('change', 10))
      .when(changePassword(hash, 60))
      .thenRefused('credentials_changed'));

  it('is refused when the password was removed since it was checked', () =>
    given(registered, passwordChanged('reset', 10, null))
      .when(changePassword(hash, 60))
      .thenRefused('credentials_changed'));

  it('does not lift a lock', () =>
    expect(given(registered, locked(10), passwordChanged('change', 60)).state).toMatchObject({
      lockedUntil: at(3_610),
    }));
});
