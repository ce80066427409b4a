import { describe, expect, it } from 'vitest';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type {
  HouseholdEvent,
  OwnershipTransferred,
} from '../../../src/domain/household/household-events.ts';
import {
  ANN,
  added,
  BEN,
  CAT,
  created,
  GRANTABLE,
  household,
  STRANGER,
} from '../../support/events/household-fixtures.ts';
import { invited } from '../../support/events/invitation-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);

const transfer = (by: string, to: string) =>
  ({ type: 'TransferOwnership', data: { by, to, now: at(9) } }) as const;
const transferred = (from: string, to: string): OwnershipTransferred => ({
  type: 'OwnershipTransferred',
  data: { from, to, transferredAt: at(9) },
});
const drop = (by: string) => ({ type: 'DeleteHousehold', data: { by, now: at(9) } }) as const;
const leave = (by: string) =>
  ({ type: 'RemoveMember', data: { by, userId: by, now: at(9) } }) as const;

describe('a transfer of ownership', () => {
  it.each(GRANTABLE)('may go to the member with the role %s', (role) =>
    given(...household({ [BEN]: role }))
      .when(transfer(ANN, BEN))
      .then(transferred(ANN, BEN)),
  );

  it('makes the previous owner an admin at the same position', () =>
    expect(given(...household({ [BEN]: 'viewer' }), transferred(ANN, BEN)).state).toMatchObject({
      members: [
        { userId: ANN, role: 'admin' },
        { userId: BEN, role: 'owner' },
      ],
    }));

  it('is refused to a user who is no member', () =>
    given(...household())
      .when(transfer(ANN, STRANGER))
      .thenRefused('member_not_found'));

  it('stores no event when it goes to the owner', () =>
    given(...household())
      .when(transfer(ANN, ANN))
      .thenNothingHappened());

  it('cannot be repeated by the previous owner', () => {
    const past = [...household({ [BEN]: 'member', [CAT]: 'member' }), transferred(ANN, BEN)];
    for (const to of [BEN, CAT]) {
      given(...past)
        .when(transfer(ANN, to))
        .thenRefused('household_role_insufficient');
    }
    given(...past)
      .when(transfer(BEN, CAT))
      .then(transferred(BEN, CAT));
  });

  it('lets the previous owner leave, whose invitations are revoked then', () => {
    const past = [...household({ [BEN]: 'member' }), invited(1), transferred(ANN, BEN)];
    expect(given(...past).state).toMatchObject({ invitations: [{ id: 'inv_1' }] });
    given(...past)
      .when(leave(ANN))
      .then(
        { type: 'MemberRemoved', data: { userId: ANN, reason: 'left', removedAt: at(9) } },
        {
          type: 'InvitationRevoked',
          data: { invitationId: 'inv_1', reason: 'inviter_lost_rank', revokedAt: at(9) },
        },
      );
  });
});

describe('the deletion of a household by its owner', () => {
  const deleted: HouseholdEvent = {
    type: 'HouseholdDeleted',
    data: { deletedBy: ANN, deletedAt: at(9) },
  };

  it('ends every membership', () =>
    given(...household({ [BEN]: 'admin' }))
      .when(drop(ANN))
      .then(deleted));

  it('is refused for a household created with an account', () =>
    given(created(true)).when(drop(ANN)).thenRefused('home_household_must_stay'));

  it('is refused for such a household after a transfer', () =>
    given(created(true), ...household({ [BEN]: 'admin' }).slice(1), transferred(ANN, BEN))
      .when(drop(BEN))
      .thenRefused('home_household_must_stay'));

  it('is permitted once the member whose default household it is has left', () =>
    given(created(true), ...household({ [BEN]: 'admin' }).slice(1), transferred(ANN, BEN), {
      type: 'MemberRemoved',
      data: { userId: ANN, reason: 'erased', removedAt: at(8) },
    })
      .when(drop(BEN))
      .then({ type: 'HouseholdDeleted', data: { deletedBy: BEN, deletedAt: at(9) } }));

  it('is refused while it is the default household of a remaining member', () =>
    given(
      created(true),
      ...household({ [BEN]: 'admin' }).slice(1),
      { type: 'MemberAdded', data: { ...added(CAT, 'viewer').data, home: true } },
      transferred(ANN, BEN),
      { type: 'MemberRemoved', data: { userId: ANN, reason: 'erased', removedAt: at(8) } },
    )
      .when(drop(BEN))
      .thenRefused('home_household_must_stay'));
});
