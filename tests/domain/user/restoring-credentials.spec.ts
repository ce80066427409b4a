import { describe, expect, it } from 'vitest';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import {
  ANN,
  ANNA,
  changed,
  changeRequested,
  confirmChange,
  deactivated,
  guestRegistered,
  passwordChanged,
  resetRequested,
  undoChange,
  undone,
  verified,
} from '../../support/events/account-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { hash, issuedToken, newerHash, registered } from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);
const HOUR = 3_600;
const MONTH = 30 * 86_400;
const THIRD = 'third@example.com';

const restore = (undoes: number, reset: number, seconds: number, email = ANN): UserCommand => ({
  type: 'RestoreEmail',
  data: { email, undoes, reset: issuedToken(reset, at(seconds + HOUR)), now: at(seconds) },
});
const voidPassword = (checkedHash: string | null, reset: number, seconds: number): UserCommand => ({
  type: 'VoidPassword',
  data: { checkedHash, reset: issuedToken(reset, at(seconds + HOUR)), now: at(seconds) },
});

describe('the restoration of an address that a thief replaced', () => {
  const past = [registered, verified(0), changed(0, 2, 60)];

  it('needs no token and has no time limit', () => {
    for (const seconds of [90, MONTH]) {
      given(...past)
        .when(restore(0, 3, seconds))
        .then(
          undone(0, seconds),
          passwordChanged('admin', seconds, null),
          resetRequested(3, seconds),
        );
    }
  });

  it('reverts every later change and invalidates its undo token', () => {
    const twice = [...past, changed(1, 4, 70, [ANNA, THIRD])];
    const back = undone(0, MONTH, [THIRD, ANN]);
    given(...twice)
      .when(restore(0, 5, MONTH))
      .then(back, passwordChanged('admin', MONTH, null), resetRequested(5, MONTH));
    expect(given(...twice, undone(0, 90, [THIRD, ANN])).state).toMatchObject({ undos: [] });
    given(...twice, undone(0, 90, [THIRD, ANN]))
      .when(undoChange(4, 6, 100))
      .thenRefused('token_invalid');
  });

  it('invalidates the link of a pending address change', () =>
    given(...past, changeRequested(7, 80, THIRD), undone(0, 90), passwordChanged('admin', 90, null))
      .when(confirmChange(7, 8, 100))
      .thenRefused('token_invalid'));

  it('sends no link to a deactivated account', () =>
    given(...past, deactivated)
      .when(restore(0, 3, 90))
      .then(undone(0, 90), passwordChanged('admin', 90, null)));

  it('stores no event the second time', () =>
    given(...past, undone(0, 90), passwordChanged('admin', 90, null), resetRequested(3, 90))
      .when(restore(0, 4, 100))
      .thenNothingHappened());
});

describe('the removal of a password that a thief set', () => {
  const past = [registered, verified(0), passwordChanged('change', 60)];

  it('removes the password and sends the user a link for another one', () =>
    given(...past)
      .when(voidPassword(newerHash, 3, 90))
      .then(passwordChanged('admin', 90, null), resetRequested(3, 90)));

  it('keeps a password that the user has set meanwhile', () =>
    given(...past, passwordChanged('reset', 80, hash))
      .when(voidPassword(newerHash, 3, 90))
      .thenNothingHappened());

  it('stores no event the second time', () =>
    given(...past, passwordChanged('admin', 90, null), resetRequested(3, 90))
      .when(voidPassword(null, 4, 100))
      .thenNothingHappened());

  it('invalidates the link of a pending address change even without a password', () => {
    const waiting = [registered, passwordChanged('admin', 50, null), changeRequested(2, 60)];
    given(...waiting)
      .when(voidPassword(null, 3, 90))
      .then(passwordChanged('admin', 90, null), resetRequested(3, 90));
    given(...waiting, passwordChanged('admin', 90, null))
      .when(confirmChange(2, 4, 100))
      .thenRefused('token_invalid');
  });

  it('sends no link to an account without an address', () =>
    given(guestRegistered, passwordChanged('change', 60))
      .when(voidPassword(newerHash, 3, 90))
      .then(passwordChanged('admin', 90, null)));
});
