import { describe, expect, it } from 'vitest';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  ANN,
  ANNA,
  changed,
  changeRequested,
  confirmChange,
  deactivated,
  passwordChanged,
  resetRequested,
  undoChange,
  undone,
  verificationRequested,
  verified,
} from '../../support/events/account-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { issuedToken, registered } from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);
const DAY = 86_400;
const WEEK = 7 * DAY;

describe('a return to an earlier address', () => {
  const third = 'third@example.com';
  const away = [registered, verified(0), changed(0, 2, 10), changed(1, 3, 20, [ANNA, third])];
  const asked = [...away, changeRequested(1, 30, ANN)];
  const home = undone(0, 60, [third, ANN]);

  it('reverts the change and releases the current address', () => {
    given(...asked)
      .when(confirmChange(1, 4, 60))
      .then(home);
    expect(given(...asked, home).state).toMatchObject({ email: ANN, undos: [] });
  });

  it.each([2, 3, 4])('invalidates the undo tokens of later changes: token %i', (token) =>
    given(...asked, home)
      .when(undoChange(token, 5, 90))
      .thenRefused('token_invalid'),
  );

  it('keeps the undo tokens of earlier changes', () => {
    const back = undone(1, 60, [third, ANNA]);
    given(...away, changeRequested(1, 30))
      .when(confirmChange(1, 4, 60))
      .then(back);
    expect(given(...away, back).state).toMatchObject({ undos: [{ number: 0, email: ANN }] });
  });

  it('is an ordinary change once the undo token has expired', () => {
    const late = 10 + WEEK;
    given(...away, changeRequested(1, late - 60, ANN))
      .when(confirmChange(1, 4, late))
      .then(changed(2, 4, late, [third, ANN]));
  });
});

describe('the undo of an address change', () => {
  const past = [registered, changed(0, 2, 60)];

  it('restores the address, removes the password and sends a reset to the address', () => {
    given(...past)
      .when(undoChange(2, 3, 90))
      .then(undone(0, 90), passwordChanged('reset', 90, null), resetRequested(3, 90));
    expect(
      given(...past, undone(0, 90), passwordChanged('reset', 90, null), resetRequested(3, 90))
        .state,
    ).toStrictEqual({
      ...given(registered).state,
      emailVerified: true,
      passwordHash: null,
      tokens: { password_reset: issuedToken(3, at(90 + 3_600)) },
      emailChanges: 2,
    });
  });

  it('reverts later changes as well', () => {
    const later = [...past, changed(1, 4, 70, [ANNA, 'third@example.com'])];
    given(...later)
      .when(undoChange(2, 3, 90))
      .then(
        undone(0, 90, ['third@example.com', ANN]),
        passwordChanged('reset', 90, null),
        resetRequested(3, 90),
      );
    given(...later, undone(0, 90, ['third@example.com', ANN]))
      .when(undoChange(4, 5, 100))
      .thenRefused('token_invalid');
  });

  it('keeps the undo tokens of earlier changes', () =>
    given(
      ...past,
      changed(1, 4, 70, [ANNA, 'third@example.com']),
      undone(1, 80, ['third@example.com', ANNA]),
    )
      .when(undoChange(2, 3, 90))
      .then(undone(0, 90), passwordChanged('reset', 90, null), resetRequested(3, 90)));

  it('reserves the replaced address while an older undo token can restore it', () => {
    const twice = [registered, changed(0, 2, 0), changed(1, 4, 10, [ANNA, ANN])];
    const back = undone(1, 60, [ANN, ANNA]);
    const held = { ...back, data: { ...back.data, previousHeldUntil: at(WEEK) } };
    given(...twice)
      .when(undoChange(4, 5, 60))
      .then(held, passwordChanged('reset', 60, null), resetRequested(5, 60, ANNA));
    given(...twice, held)
      .when(undoChange(2, 6, 90))
      .then(undone(0, 90), passwordChanged('reset', 90, null), resetRequested(6, 90));
  });

  it('sends no reset to a deactivated account', () =>
    given(...past, deactivated)
      .when(undoChange(2, 3, 90))
      .then(undone(0, 90), passwordChanged('reset', 90, null)));

  it('is accepted after a change of the password', () =>
    given(...past, passwordChanged('change', 70))
      .when(undoChange(2, 3, 90))
      .then(undone(0, 90), passwordChanged('reset', 90, null), resetRequested(3, 90)));

  it('accepts the token until the millisecond before its expiry', () => {
    const last = 60 + WEEK - 0.001;
    given(...past)
      .when(undoChange(2, 3, last))
      .then(undone(0, last), passwordChanged('reset', last, null), resetRequested(3, last));
    given(...past)
      .when(undoChange(2, 3, 60 + WEEK))
      .thenRefused('token_invalid');
  });

  it('is accepted once', () =>
    given(...past, undone(0, 90))
      .when(undoChange(2, 3, 91))
      .thenRefused('token_invalid'));

  it.each<[string, UserEvent[]]>([
    ['a verification', [registered, verificationRequested(2)]],
    ['a change', [registered, changeRequested(2)]],
    ['a reset', [registered, resetRequested(2)]],
  ])('refuses a token issued for %s', (_, issued) =>
    given(...issued)
      .when(undoChange(2, 3, 90))
      .thenRefused('token_invalid'),
  );
});
