import { describe, expect, it } from 'vitest';
import { addressToVerify, requestedUsername } from '../../../src/domain/user/email-decisions.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { accountIn, type UserState } from '../../../src/domain/user/user-state.ts';
import {
  ANN,
  ANNA,
  changed,
  changeRequested,
  confirmChange,
  confirmEmail,
  deactivated,
  guestRegistered,
  passwordChanged,
  pendingRegistered,
  requestChange,
  requestVerification,
  resetRequested,
  upgradeRequested,
  usernameChanged,
  verificationRequested,
  verified,
} from '../../support/events/account-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { hash, issuedToken, newerHash, registered } from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);
const DAY = 86_400;
const WEEK = 7 * DAY;

const unverifiedOf = (state: UserState) => {
  const account = accountIn(state);
  return account && [addressToVerify(account), requestedUsername(account)];
};

describe('the unverified address and username of an account', () => {
  it.each<[string, UserEvent[], [string | null, string | null]]>([
    ['the requested ones of a pending account', [pendingRegistered], [ANN, 'ann']],
    ['the address of an account with an unverified one', [registered], [ANN, null]],
    ['null once the address is verified', [registered, verified(1)], [null, null]],
    ['null for a guest', [guestRegistered], [null, null]],
    [
      'the requested ones of a guest’s upgrade',
      [guestRegistered, upgradeRequested(1)],
      [ANN, 'ann'],
    ],
  ])('are %s', (_, past, expected) =>
    expect(unverifiedOf(given(...past).state)).toStrictEqual(expected),
  );
});

describe('a repeated request for verification', () => {
  it('sends a token to the address of a pending account', () =>
    given(pendingRegistered, verificationRequested(1))
      .when(requestVerification(2, 60))
      .then(verificationRequested(2, 60)));

  it('sends a token to an unverified address in use', () =>
    given(registered).when(requestVerification(1, 60)).then(verificationRequested(1, 60)));

  it('sends a token to the address of a guest’s upgrade', () =>
    given(guestRegistered, upgradeRequested(1, { email: ANNA }))
      .when(requestVerification(2, 60))
      .then(verificationRequested(2, 60, ANNA)));

  it.each<[string, UserEvent[]]>([
    ['the address is verified', [registered, verified(1)]],
    ['there is no address', [guestRegistered]],
    ['the account is deactivated', [registered, deactivated]],
    ['the account is pending and deactivated', [pendingRegistered, deactivated]],
  ])('stores no event when %s', (_, past) =>
    given(...past)
      .when(requestVerification(1, 60))
      .thenNothingHappened(),
  );
});

describe('the verification of an address', () => {
  const waiting = [pendingRegistered, verificationRequested(1)];

  it('gives the account its address and username', () => {
    given(...waiting)
      .when(confirmEmail(1, 60))
      .then(verified(60), usernameChanged('ann', 60));
    expect(given(...waiting, verified(60), usernameChanged('ann', 60)).state).toStrictEqual({
      ...given(registered).state,
      emailVerified: true,
    });
  });

  it('leaves out a username that is taken', () => {
    given(...waiting)
      .when(confirmEmail(1, 60, false))
      .then(verified(60));
    expect(given(...waiting, verified(60)).state).toMatchObject({ email: ANN, username: null });
  });

  it('gives no username to an account that requested none', () =>
    given(
      { ...pendingRegistered, data: { ...pendingRegistered.data, username: null } },
      verificationRequested(1),
    )
      .when(confirmEmail(1, 60))
      .then(verified(60)));

  it('verifies an address in use and keeps the username', () => {
    given(registered, verificationRequested(1)).when(confirmEmail(1, 60)).then(verified(60));
    expect(given(registered, verificationRequested(1), verified(60)).state).toStrictEqual({
      ...given(registered).state,
      emailVerified: true,
    });
  });

  it('accepts the token until the millisecond before its expiry', () => {
    given(...waiting)
      .when(confirmEmail(1, DAY - 0.001, false))
      .then(verified(DAY - 0.001));
    given(...waiting)
      .when(confirmEmail(1, DAY))
      .thenRefused('token_invalid');
  });

  it.each<[string, UserEvent[]]>([
    ['was never issued', [pendingRegistered]],
    ['was superseded', [...waiting, verificationRequested(2, 10)]],
    ['was used', [...waiting, verified(10)]],
    ['was issued before a change of the password', [...waiting, passwordChanged('reset', 10)]],
    [
      'is from before a change of the address',
      [registered, verificationRequested(1), changed(0, 9, 10)],
    ],
    ['is for a deactivated account', [...waiting, deactivated]],
    ['was issued for a reset', [registered, resetRequested(1)]],
    ['was issued for a change', [registered, changeRequested(1)]],
    ['was issued for an undo', [registered, changed(0, 1, 0)]],
  ])('refuses a token that %s', (_, past) =>
    given(...past)
      .when(confirmEmail(1, 60))
      .thenRefused('token_invalid'),
  );
});

describe('a request to change the address', () => {
  it('sends a token to the new address and changes nothing yet', () => {
    given(registered).when(requestChange(1, 60)).then(changeRequested(1, 60));
    expect(given(registered, changeRequested(1, 60)).state).toStrictEqual({
      ...given(registered).state,
      newEmail: ANNA,
      tokens: { email_change: issuedToken(1, at(60 + DAY)) },
    });
  });

  it('replaces an earlier request', () =>
    expect(
      given(registered, changeRequested(1), changeRequested(2, 1, 'third@example.com')).state,
    ).toMatchObject({
      newEmail: 'third@example.com',
      tokens: { email_change: issuedToken(2, at(1 + DAY)) },
    }));

  it('stores no event for the current address', () =>
    given(registered)
      .when(requestChange(1, 60, ANN))
      .thenNothingHappened());

  it('is refused when the password has changed since it was checked', () => {
    const past = [registered, passwordChanged('change', 10)];
    given(...past)
      .when(requestChange(1, 60))
      .thenRefused('credentials_changed');
    given(...past)
      .when(requestChange(1, 60, ANNA, null))
      .thenRefused('credentials_changed');
    given(...past)
      .when(requestChange(1, 60, ANNA, newerHash))
      .then(changeRequested(1, 60));
  });

  it('is accepted for an account without a password', () => {
    given(guestRegistered)
      .when(requestChange(1, 60, ANNA, null))
      .then(changeRequested(1, 60));
    given(guestRegistered).when(requestChange(1, 60)).thenRefused('credentials_changed');
  });

  it('is refused for a deactivated account', () =>
    given(registered, deactivated).when(requestChange(1, 60)).thenRefused('user_deactivated'));

  it('is refused while five changes can still be reverted', () => {
    const five = [0, 1, 2, 3, 4].map((n) => changed(n, 10 + n, n));
    given(registered, ...five.slice(1))
      .when(requestChange(1, 60, 'sixth@example.com'))
      .then(changeRequested(1, 60, 'sixth@example.com'));
    given(registered, ...five)
      .when(requestChange(1, 60, 'sixth@example.com'))
      .thenRefused('too_many_email_changes');
    given(registered, ...five)
      .when(requestChange(1, WEEK, 'sixth@example.com'))
      .then(changeRequested(1, WEEK, 'sixth@example.com'));
  });
});

describe('the confirmation of a new address', () => {
  const asked = [registered, verified(0), changeRequested(1)];

  it('replaces the old address, which gets an undo token', () => {
    given(...asked)
      .when(confirmChange(1, 2, 60))
      .then(changed(0, 2, 60));
    expect(given(...asked, changed(0, 2, 60)).state).toStrictEqual({
      ...given(registered, verified(0)).state,
      email: ANNA,
      undos: [{ number: 0, email: ANN, token: issuedToken(2, at(60 + WEEK)) }],
      emailChanges: 1,
    });
  });

  it('gives no undo token to an address that was never verified', () => {
    const data = {
      email: ANNA,
      previous: ANN,
      undo: null,
      undoes: null,
      previousHeldUntil: null,
      changedAt: at(60),
    };
    given(registered, changeRequested(1))
      .when(confirmChange(1, 2, 60))
      .then({ type: 'EmailChanged', data });
  });

  it('numbers the changes', () =>
    given(registered, changed(0, 9, 0), changeRequested(1, 1, 'third@example.com'))
      .when(confirmChange(1, 2, 60))
      .then(changed(1, 2, 60, [ANNA, 'third@example.com'])));

  it('gives no undo token to an account without an old address', () => {
    const [first, asking] = [guestRegistered, changeRequested(1)];
    const event: UserEvent = {
      type: 'EmailChanged',
      data: {
        email: ANNA,
        previous: null,
        undo: null,
        undoes: null,
        previousHeldUntil: null,
        changedAt: at(60),
      },
    };
    given(first, asking)
      .when(confirmChange(1, 2, 60))
      .then(event);
    expect(given(first, asking, event).state).toMatchObject({ email: ANNA, undos: [] });
  });

  it('invalidates every token except undo tokens', () =>
    expect(
      given(
        registered,
        verificationRequested(3),
        resetRequested(4),
        changed(0, 5, 10),
        resetRequested(6, 20, ANNA),
        changeRequested(1, 30, 'third@example.com'),
        changed(1, 2, 60, [ANNA, 'third@example.com']),
      ).state,
    ).toMatchObject({ tokens: {}, newEmail: null, undos: [{ number: 0 }, { number: 1 }] }));

  it('drops expired undo tokens', () =>
    expect(given(registered, changed(0, 2, 0), changed(1, 3, WEEK)).state).toMatchObject({
      undos: [{ number: 1 }],
    }));

  it.each<[string, UserEvent[]]>([
    ['was never issued', [registered]],
    ['was superseded', [...asked, changeRequested(2, 10)]],
    ['was used', [...asked, changed(0, 9, 10)]],
    ['was issued before a change of the password', [...asked, passwordChanged('change', 10)]],
    ['is for a deactivated account', [...asked, deactivated]],
    ['was issued for a verification', [registered, verificationRequested(1)]],
    ['was issued for a reset', [registered, resetRequested(1)]],
    ['was issued for an undo', [registered, changed(0, 1, 0)]],
  ])('refuses a token that %s', (_, past) =>
    given(...past)
      .when(confirmChange(1, 3, 60))
      .thenRefused('token_invalid'),
  );

  it('refuses an expired token', () =>
    given(...asked)
      .when(confirmChange(1, 2, DAY))
      .thenRefused('token_invalid'));
});

describe('a guest upgrade to an address after another address was verified', () => {
  const past = [guestRegistered, upgradeRequested(1), changeRequested(1), changed(0, 9, 60)];

  it('has no unverified address', () =>
    expect(unverifiedOf(given(...past).state)).toStrictEqual([null, null]));

  it('is not completed by a token sent to the other address', () =>
    given(...past, resetRequested(2, 61, ANNA))
      .when({
        type: 'ResetPassword',
        data: {
          tokenHash: issuedToken(2, at(0)).tokenHash,
          passwordHash: hash,
          usernameClaimed: true,
          now: at(62),
        },
      })
      .then(passwordChanged('reset', 62, hash)));
});
