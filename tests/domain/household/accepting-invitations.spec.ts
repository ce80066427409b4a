import { describe, expect, it } from 'vitest';
import type { DeclineInvitation } from '../../../src/domain/household/household-commands.ts';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import {
  ANN,
  added,
  BEN,
  CAT,
  DAN,
  GRANTABLE,
  household,
  STRANGER,
} from '../../support/events/household-fixtures.ts';
import {
  accept,
  accepted,
  hashesOf,
  hashOfToken,
  invitation,
  invited,
  LIFETIME,
  resent,
  voided,
} from '../../support/events/invitation-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);

const past = [...household({ [BEN]: 'admin' }), invited(1, 0, { role: 'viewer' })];
const joined = [accepted(1, 9), added(DAN, 'viewer', 9, invitation(1))];
const decline = (token: number, seconds: number): DeclineInvitation => ({
  type: 'DeclineInvitation',
  data: { tokenHash: hashOfToken(token), now: at(seconds) },
});
const declined = (seconds: number): HouseholdEvent => ({
  type: 'InvitationDeclined',
  data: { invitationId: invitation(1), declinedAt: at(seconds) },
});

describe('when an invitation is accepted', () => {
  it.each(GRANTABLE)('makes a(n) %s of who has the address', (role) =>
    given(...household(), invited(1, 0, { role }))
      .when(accept(1, 9))
      .then(accepted(1, 9), added(DAN, role, 9, invitation(1))),
  );

  it('says whether it is the member’s home', () => {
    const { data, type } = added(DAN, 'viewer', 9, invitation(1));
    given(...past)
      .when(accept(1, 9, { home: true }))
      .then(accepted(1, 9), { type, data: { ...data, home: true } });
  });

  it('puts the member last, and closes it', () =>
    expect(given(...past, ...joined).state).toMatchObject({
      members: [
        { userId: ANN, role: 'owner' },
        { userId: BEN, role: 'admin' },
        { userId: DAN, role: 'viewer' },
      ],
      invitations: [],
    }));

  it('knows the address under an earlier key', () => {
    const { type, data } = invited(1, 0, { role: 'viewer' });
    const [, old] = hashesOf('dan');
    given(...household(), { type, data: { ...data, addressHash: old } })
      .when(accept(1, 9))
      .then(...joined);
  });

  it('is good up to its end, and not at it', () => {
    given(...past)
      .when(accept(1, LIFETIME - 0.001))
      .then(accepted(1, LIFETIME - 0.001), added(DAN, 'viewer', LIFETIME - 0.001, invitation(1)));
    given(...past)
      .when(accept(1, LIFETIME))
      .thenRefused('token_invalid');
  });

  it('is accepted once, by the same user and by others', () => {
    for (const userId of [DAN, CAT]) {
      given(...past, ...joined)
        .when(accept(1, 10, { userId }))
        .thenRefused('token_invalid');
    }
  });

  it('is for its address only, and stays open for it', () => {
    given(...past)
      .when(accept(1, 9, { person: 'eve', userId: STRANGER }))
      .thenRefused('invitation_for_other_address');
    given(...past)
      .when(accept(1, 9))
      .then(...joined);
  });

  it('lets a member be what they are', () => {
    given(...past)
      .when(accept(1, 9, { userId: BEN }))
      .then(accepted(1, 9, BEN));
    given(...household(), invited(1, 0, { role: 'viewer' }))
      .when(accept(1, 9, { userId: ANN }))
      .then(accepted(1, 9, ANN));
  });
});

describe('when the token is not good', () => {
  it.each([
    ['was superseded', [resent(1, 2, 60)], 1],
    ['never was', [], 7],
    ['was taken back', [voided(1, 5)], 1],
    ['was turned down', [declined(5)], 1],
    ['belonged to who lost rank', [voided(1, 5, 'inviter_lost_rank')], 1],
  ] as const)('refuses one that %s, accepted or declined', (_, since, token) => {
    given(...past, ...since)
      .when(accept(token, 90))
      .thenRefused('token_invalid');
    given(...past, ...since)
      .when(decline(token, 90))
      .thenRefused('token_invalid');
  });

  it('refuses a stranger with it as it refuses everybody', () =>
    given(...past, voided(1, 5))
      .when(accept(1, 9, { person: 'eve', userId: STRANGER }))
      .thenRefused('token_invalid'));
});

describe('when the household is full', () => {
  const full = [...household({ [BEN]: 'admin', [CAT]: 'member' }), added('user_eve', 'viewer')];

  it('takes nobody, and the invitation stays open', () => {
    given(...full, invited(1))
      .when(accept(1, 9))
      .thenRefused('household_full');
    const left: HouseholdEvent = {
      type: 'MemberRemoved',
      data: { userId: CAT, reason: 'left', removedAt: at(5) },
    };
    given(...full, invited(1), left)
      .when(accept(1, 9))
      .then(accepted(1, 9), added(DAN, 'member', 9, invitation(1)));
  });

  it('closes the invitation of one who is in already', () =>
    given(...full, invited(1))
      .when(accept(1, 9, { userId: CAT }))
      .then(accepted(1, 9, CAT)));

  it('says nothing of it to who has another address', () =>
    given(...full, invited(1))
      .when(accept(1, 9, { person: 'eve' }))
      .thenRefused('invitation_for_other_address'));
});

describe('when an invitation is declined', () => {
  it('ends, in time and once', () => {
    given(...past)
      .when(decline(1, 9))
      .then(declined(9));
    given(...past)
      .when(decline(1, LIFETIME))
      .thenRefused('token_invalid');
    given(...past, ...joined)
      .when(decline(1, 10))
      .thenRefused('token_invalid');
  });
});
