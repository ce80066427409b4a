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

const wishOf = (state: UserState) => {
  const account = accountIn(state);
  return account && [addressToVerify(account), requestedUsername(account)];
};

describe('what is left to prove', () => {
  it.each<[string, UserEvent[], [string | null, string | null]]>([
    ['the address of an account that waits', [pendingRegistered], [ANN, 'ann']],
    ['the address of an account that never proved it', [registered], [ANN, null]],
    ['nothing once it is proven', [registered, verified(1)], [null, null]],
    ['nothing for a guest', [guestRegistered], [null, null]],
    ['what a guest wants to become', [guestRegistered, upgradeRequested(1)], [ANN, 'ann']],
  ])('is %s', (_, past, expected) => expect(wishOf(given(...past).state)).toStrictEqual(expected));
});

describe('when a proof is asked for once more', () => {
  it('sends it to the address that waits', () =>
    given(pendingRegistered, verificationRequested(1))
      .when(requestVerification(2, 60))
      .then(verificationRequested(2, 60)));

  it('sends it to an address that is used already', () =>
    given(registered).when(requestVerification(1, 60)).then(verificationRequested(1, 60)));

  it('sends it to the address a guest wants', () =>
    given(guestRegistered, upgradeRequested(1, { email: ANNA }))
      .when(requestVerification(2, 60))
      .then(verificationRequested(2, 60, ANNA)));

  it.each<[string, UserEvent[]]>([
    ['the address is proven', [registered, verified(1)]],
    ['there is no address', [guestRegistered]],
    ['the account is deactivated', [registered, deactivated]],
    ['the account is deactivated and waits', [pendingRegistered, deactivated]],
  ])('does nothing when %s', (_, past) =>
    given(...past)
      .when(requestVerification(1, 60))
      .thenNothingHappened(),
  );
});

describe('when an address is proven', () => {
  const waiting = [pendingRegistered, verificationRequested(1)];

  it('makes the address and the username the account’s own', () => {
    given(...waiting)
      .when(confirmEmail(1, 60))
      .then(verified(60), usernameChanged('ann', 60));
    expect(given(...waiting, verified(60), usernameChanged('ann', 60)).state).toStrictEqual({
      ...given(registered).state,
      emailVerified: true,
    });
  });

  it('does without a username that is gone', () => {
    given(...waiting)
      .when(confirmEmail(1, 60, false))
      .then(verified(60));
    expect(given(...waiting, verified(60)).state).toMatchObject({ email: ANN, username: null });
  });

  it('gives no username to who asked for none', () =>
    given(
      { ...pendingRegistered, data: { ...pendingRegistered.data, username: null } },
      verificationRequested(1),
    )
      .when(confirmEmail(1, 60))
      .then(verified(60)));

  it('says so of one that is used already, and leaves the username alone', () => {
    given(registered, verificationRequested(1)).when(confirmEmail(1, 60)).then(verified(60));
    expect(given(registered, verificationRequested(1), verified(60)).state).toStrictEqual({
      ...given(registered).state,
      emailVerified: true,
    });
  });

  it('takes the token until the millisecond before its end', () => {
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
    ['is from before a change of the password', [...waiting, passwordChanged('reset', 10)]],
    [
      'is from before a change of the address',
      [registered, verificationRequested(1), changed(0, 9, 10)],
    ],
    ['is for a deactivated account', [...waiting, deactivated]],
    ['was made for a reset', [registered, resetRequested(1)]],
    ['was made for a change', [registered, changeRequested(1)]],
    ['was made to undo a change', [registered, changed(0, 1, 0)]],
  ])('refuses a token that %s', (_, past) =>
    given(...past)
      .when(confirmEmail(1, 60))
      .thenRefused('token_invalid'),
  );
});

describe('when a change of the address is asked for', () => {
  it('sends a token to the new address and changes nothing yet', () => {
    given(registered).when(requestChange(1, 60)).then(changeRequested(1, 60));
    expect(given(registered, changeRequested(1, 60)).state).toStrictEqual({
      ...given(registered).state,
      newEmail: ANNA,
      tokens: { email_change: issuedToken(1, at(60 + DAY)) },
    });
  });

  it('waits for the latest address only', () =>
    expect(
      given(registered, changeRequested(1), changeRequested(2, 1, 'third@example.com')).state,
    ).toMatchObject({
      newEmail: 'third@example.com',
      tokens: { email_change: issuedToken(2, at(1 + DAY)) },
    }));

  it('does nothing when it is the address already', () =>
    given(registered)
      .when(requestChange(1, 60, ANN))
      .thenNothingHappened());

  it('refuses when the password is not the one that was checked', () => {
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

  it('asks no password of who has none', () => {
    given(guestRegistered)
      .when(requestChange(1, 60, ANNA, null))
      .then(changeRequested(1, 60));
    given(guestRegistered).when(requestChange(1, 60)).thenRefused('credentials_changed');
  });

  it('refuses a deactivated account', () =>
    given(registered, deactivated).when(requestChange(1, 60)).thenRefused('user_deactivated'));

  it('refuses while five changes could still be taken back', () => {
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

describe('when the new address is proven', () => {
  const asked = [registered, verified(0), changeRequested(1)];

  it('takes the place of the old one, which can take it back', () => {
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

  it('cannot be taken back to an address that was never proven', () => {
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

  it('counts the changes', () =>
    given(registered, changed(0, 9, 0), changeRequested(1, 1, 'third@example.com'))
      .when(confirmChange(1, 2, 60))
      .then(changed(1, 2, 60, [ANNA, 'third@example.com'])));

  it('leaves nothing to take back where there was no address', () => {
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

  it('voids every other token but those that take a change back', () =>
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

  it('forgets undo tokens that have expired', () =>
    expect(given(registered, changed(0, 2, 0), changed(1, 3, WEEK)).state).toMatchObject({
      undos: [{ number: 1 }],
    }));

  it.each<[string, UserEvent[]]>([
    ['was never issued', [registered]],
    ['was superseded', [...asked, changeRequested(2, 10)]],
    ['was used', [...asked, changed(0, 9, 10)]],
    ['is from before a change of the password', [...asked, passwordChanged('change', 10)]],
    ['is for a deactivated account', [...asked, deactivated]],
    ['was made for a proof', [registered, verificationRequested(1)]],
    ['was made for a reset', [registered, resetRequested(1)]],
    ['was made to undo a change', [registered, changed(0, 1, 0)]],
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

describe('when a guest wanted an address and has proven another one since', () => {
  const past = [guestRegistered, upgradeRequested(1), changeRequested(1), changed(0, 9, 60)];

  it('has nothing left to prove', () =>
    expect(wishOf(given(...past).state)).toStrictEqual([null, null]));

  it('is not given the first one by a mail to the second', () =>
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
