import { describe, expect, it } from 'vitest';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  ANNA,
  changed,
  confirmEmail,
  guestRegistered,
  requestUpgrade,
  upgrade,
  upgraded,
  upgradeRequested,
  usernameChanged,
  verificationRequested,
  verified,
} from '../../support/events/account-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { hash, issuedToken, registered } from '../../support/events/user-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(userDecider);

const noGuests: [string, UserEvent[]][] = [
  ['user who registered', [registered]],
  ['guest who was upgraded already', [guestRegistered, upgraded(1)]],
  ['guest with an address', [guestRegistered, changed(0, 9, 1)]],
  [
    'of another tier',
    [
      guestRegistered,
      {
        type: 'TierChanged',
        data: { tier: 'free', previous: 'anonymous', changedAt: at(1) },
      },
    ],
  ],
  [
    'user who registered and was given the tier of guests',
    [
      registered,
      {
        type: 'TierChanged',
        data: { tier: 'anonymous', previous: 'free', changedAt: at(1) },
      },
    ],
  ],
];

describe('a guest’s request for an upgrade', () => {
  it('leaves the account a guest until the address is verified', () => {
    given(guestRegistered)
      .when(requestUpgrade(1, 60))
      .then(upgradeRequested(60), verificationRequested(1, 60));
    expect(
      given(guestRegistered, upgradeRequested(60), verificationRequested(1, 60)).state,
    ).toStrictEqual({
      ...given(guestRegistered).state,
      upgrade: {
        email: 'ann@example.com',
        username: 'ann',
        displayName: 'Ann',
        passwordHash: hash,
      },
      tokens: { email_verification: issuedToken(1, at(60 + 86_400)) },
    });
  });

  it('takes effect when the address is verified', () => {
    const past = [guestRegistered, upgradeRequested(60), verificationRequested(1, 60)];
    given(...past)
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90), usernameChanged('ann', 90));
    expect(
      given(...past, upgraded(90), verified(90), usernameChanged('ann', 90)).state,
    ).toStrictEqual({ ...given(registered).state, emailVerified: true });
  });

  it('takes effect without a username that is taken', () =>
    given(guestRegistered, upgradeRequested(60), verificationRequested(1, 60))
      .when(confirmEmail(1, 90, false))
      .then(upgraded(90), verified(90)));

  it('takes effect without a username when none was requested', () =>
    given(guestRegistered, upgradeRequested(60, { username: null }), verificationRequested(1, 60))
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90)));

  it('replaces an earlier request', () => {
    const past = [guestRegistered, upgradeRequested(60), verificationRequested(1, 60)];
    given(...past)
      .when(requestUpgrade(2, 70, { email: ANNA }))
      .then(upgradeRequested(70, { email: ANNA }), verificationRequested(2, 70, ANNA));
    given(...past, upgradeRequested(70, { email: ANNA }), verificationRequested(2, 70, ANNA))
      .when(confirmEmail(1, 90))
      .thenRefused('token_invalid');
  });

  it.each(noGuests)('is refused for one %s', (_, past) =>
    given(...past)
      .when(requestUpgrade(1, 60))
      .thenRefused('not_a_guest'),
  );
});

describe('an immediate upgrade of a guest', () => {
  it('sets address, username and password and requests verification afterwards', () => {
    given(guestRegistered)
      .when(upgrade(1, 60))
      .then(upgraded(60), usernameChanged('ann', 60), verificationRequested(1, 60));
    expect(given(guestRegistered, upgraded(60), usernameChanged('ann', 60)).state).toStrictEqual(
      given(registered).state,
    );
  });

  it('takes effect without a username', () =>
    given(guestRegistered)
      .when(upgrade(1, 60, { username: null }))
      .then(upgraded(60), verificationRequested(1, 60)));

  it('leaves no request behind', () =>
    expect(given(guestRegistered, upgradeRequested(50), upgraded(60)).state).toMatchObject({
      upgrade: null,
    }));

  it.each(noGuests)('is refused for one %s', (_, past) =>
    given(...past)
      .when(upgrade(1, 60))
      .thenRefused('not_a_guest'),
  );
});

describe('an upgrade of a guest with a username', () => {
  const past = [guestRegistered, usernameChanged('anna', 10)];

  it('records the username that becomes available', () => {
    given(...past)
      .when(upgrade(1, 60))
      .then(upgraded(60), usernameChanged('ann', 60, 'anna'), verificationRequested(1, 60));
    given(...past, upgradeRequested(60), verificationRequested(1, 60))
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90), usernameChanged('ann', 90, 'anna'));
  });

  it('keeps the username when the same one is requested', () => {
    given(...past)
      .when(upgrade(1, 60, { username: 'anna' }))
      .then(upgraded(60), verificationRequested(1, 60));
    given(...past, upgradeRequested(60, { username: 'anna' }), verificationRequested(1, 60))
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90));
  });
});
