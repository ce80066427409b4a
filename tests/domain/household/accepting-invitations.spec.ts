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

describe('an open invitation', () => {
  it.each(GRANTABLE)('makes the owner of the address a member with the role %s', (role) =>
    given(...household(), invited(1, 0, { role }))
      .when(accept(1, 9))
      .then(accepted(1, 9), added(DAN, role, 9, invitation(1))),
  );

  it('records whether the household is the member’s default one', () => {
    const { data, type } = added(DAN, 'viewer', 9, invitation(1));
    given(...past)
      .when(accept(1, 9, { home: true }))
      .then(accepted(1, 9), { type, data: { ...data, home: true } });
  });

  it('adds the member last and is closed by its acceptance', () =>
    expect(given(...past, ...joined).state).toMatchObject({
      members: [
        { userId: ANN, role: 'owner' },
        { userId: BEN, role: 'admin' },
        { userId: DAN, role: 'viewer' },
      ],
      invitations: [],
    }));

  it('matches an address hashed under an earlier key', () => {
    const { type, data } = invited(1, 0, { role: 'viewer' });
    const [, old] = hashesOf('dan');
    given(...household(), { type, data: { ...data, addressHash: old } })
      .when(accept(1, 9))
      .then(...joined);
  });

  it('can be accepted until the millisecond before its expiry', () => {
    given(...past)
      .when(accept(1, LIFETIME - 0.001))
      .then(accepted(1, LIFETIME - 0.001), added(DAN, 'viewer', LIFETIME - 0.001, invitation(1)));
    given(...past)
      .when(accept(1, LIFETIME))
      .thenRefused('token_invalid');
  });

  it('can be accepted only once, by the same user or another', () => {
    for (const userId of [DAN, CAT]) {
      given(...past, ...joined)
        .when(accept(1, 10, { userId }))
        .thenRefused('token_invalid');
    }
  });

  it('is refused to another address and remains open', () => {
    given(...past)
      .when(accept(1, 9, { person: 'eve', userId: STRANGER }))
      .thenRefused('invitation_for_other_address');
    given(...past)
      .when(accept(1, 9))
      .then(...joined);
  });

  it('keeps the role of a user who is a member already', () => {
    given(...past)
      .when(accept(1, 9, { userId: BEN }))
      .then(accepted(1, 9, BEN));
    given(...household(), invited(1, 0, { role: 'viewer' }))
      .when(accept(1, 9, { userId: ANN }))
      .then(accepted(1, 9, ANN));
  });
});

describe('an invalid token of an invitation', () => {
  it.each([
    ['was superseded', [resent(1, 2, 60)], 1],
    ['was never issued', [], 7],
    ['was revoked', [voided(1, 5)], 1],
    ['was declined', [declined(5)], 1],
    ['is from an inviter who lost the role for it', [voided(1, 5, 'inviter_lost_rank')], 1],
  ] as const)('is refused when it %s, accepted or declined', (_, since, token) => {
    given(...past, ...since)
      .when(accept(token, 90))
      .thenRefused('token_invalid');
    given(...past, ...since)
      .when(decline(token, 90))
      .thenRefused('token_invalid');
  });

  it('is refused to a user with another address with the same error', () =>
    given(...past, voided(1, 5))
      .when(accept(1, 9, { person: 'eve', userId: STRANGER }))
      .thenRefused('token_invalid'));
});

describe('an invitation to a full household', () => {
  const full = [...household({ [BEN]: 'admin', [CAT]: 'member' }), added('user_eve', 'viewer')];

  it('is refused and remains open', () => {
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

  it('is closed when a member accepts it', () =>
    given(...full, invited(1))
      .when(accept(1, 9, { userId: CAT }))
      .then(accepted(1, 9, CAT)));

  it('does not reveal to another address that the household is full', () =>
    given(...full, invited(1))
      .when(accept(1, 9, { person: 'eve' }))
      .thenRefused('invitation_for_other_address'));
});

describe('a declined invitation', () => {
  it('is closed once, before its expiry', () => {
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
