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
  ['who registered', [registered]],
  ['who was upgraded already', [guestRegistered, upgraded(1)]],
  ['who has an address', [guestRegistered, changed(0, 9, 1)]],
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
    'who registered and was put into the guests’ tier',
    [
      registered,
      {
        type: 'TierChanged',
        data: { tier: 'anonymous', previous: 'free', changedAt: at(1) },
      },
    ],
  ],
];

describe('when a guest asks to become a user', () => {
  it('waits for a proof of the address, and is a guest until then', () => {
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

  it('becomes one with the proof', () => {
    const past = [guestRegistered, upgradeRequested(60), verificationRequested(1, 60)];
    given(...past)
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90), usernameChanged('ann', 90));
    expect(
      given(...past, upgraded(90), verified(90), usernameChanged('ann', 90)).state,
    ).toStrictEqual({ ...given(registered).state, emailVerified: true });
  });

  it('becomes one without a username if that is gone', () =>
    given(guestRegistered, upgradeRequested(60), verificationRequested(1, 60))
      .when(confirmEmail(1, 90, false))
      .then(upgraded(90), verified(90)));

  it('becomes one without a username if none was asked for', () =>
    given(guestRegistered, upgradeRequested(60, { username: null }), verificationRequested(1, 60))
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90)));

  it('may ask for something else, and only that counts', () => {
    const past = [guestRegistered, upgradeRequested(60), verificationRequested(1, 60)];
    given(...past)
      .when(requestUpgrade(2, 70, { email: ANNA }))
      .then(upgradeRequested(70, { email: ANNA }), verificationRequested(2, 70, ANNA));
    given(...past, upgradeRequested(70, { email: ANNA }), verificationRequested(2, 70, ANNA))
      .when(confirmEmail(1, 90))
      .thenRefused('token_invalid');
  });

  it.each(noGuests)('refuses one %s', (_, past) =>
    given(...past)
      .when(requestUpgrade(1, 60))
      .thenRefused('not_a_guest'),
  );
});

describe('when a guest becomes a user at once', () => {
  it('takes address, username and password, and is asked for the proof afterwards', () => {
    given(guestRegistered)
      .when(upgrade(1, 60))
      .then(upgraded(60), usernameChanged('ann', 60), verificationRequested(1, 60));
    expect(given(guestRegistered, upgraded(60), usernameChanged('ann', 60)).state).toStrictEqual(
      given(registered).state,
    );
  });

  it('does without a username', () =>
    given(guestRegistered)
      .when(upgrade(1, 60, { username: null }))
      .then(upgraded(60), verificationRequested(1, 60)));

  it('waits for nothing any more', () =>
    expect(given(guestRegistered, upgradeRequested(50), upgraded(60)).state).toMatchObject({
      upgrade: null,
    }));

  it.each(noGuests)('refuses one %s', (_, past) =>
    given(...past)
      .when(upgrade(1, 60))
      .thenRefused('not_a_guest'),
  );
});

describe('when somebody without an address has a username', () => {
  const past = [guestRegistered, usernameChanged('anna', 10)];

  it('says which one becomes free', () => {
    given(...past)
      .when(upgrade(1, 60))
      .then(upgraded(60), usernameChanged('ann', 60, 'anna'), verificationRequested(1, 60));
    given(...past, upgradeRequested(60), verificationRequested(1, 60))
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90), usernameChanged('ann', 90, 'anna'));
  });

  it('keeps it when it is the one that is asked for', () => {
    given(...past)
      .when(upgrade(1, 60, { username: 'anna' }))
      .then(upgraded(60), verificationRequested(1, 60));
    given(...past, upgradeRequested(60, { username: 'anna' }), verificationRequested(1, 60))
      .when(confirmEmail(1, 90))
      .then(upgraded(90), verified(90));
  });
});
