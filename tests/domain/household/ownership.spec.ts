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

describe('when the owner hands the household on', () => {
  it.each(GRANTABLE)('takes a(n) %s', (role) =>
    given(...household({ [BEN]: role }))
      .when(transfer(ANN, BEN))
      .then(transferred(ANN, BEN)),
  );

  it('leaves the one before as an admin, at the same place', () =>
    expect(given(...household({ [BEN]: 'viewer' }), transferred(ANN, BEN)).state).toMatchObject({
      members: [
        { userId: ANN, role: 'admin' },
        { userId: BEN, role: 'owner' },
      ],
    }));

  it('takes nobody from outside', () =>
    given(...household())
      .when(transfer(ANN, STRANGER))
      .thenRefused('member_not_found'));

  it('changes nothing when it stays with the owner', () =>
    given(...household())
      .when(transfer(ANN, ANN))
      .thenNothingHappened());

  it('is done once', () => {
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

  it('lets the one before leave, and what they invited to ends then', () => {
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

describe('when the owner deletes the household', () => {
  const deleted: HouseholdEvent = {
    type: 'HouseholdDeleted',
    data: { deletedBy: ANN, deletedAt: at(9) },
  };

  it('is gone, with everybody in it', () =>
    given(...household({ [BEN]: 'admin' }))
      .when(drop(ANN))
      .then(deleted));

  it('stays when it came along with an account', () =>
    given(created(true)).when(drop(ANN)).thenRefused('home_household_must_stay'));

  it('stays so after it was handed on', () =>
    given(created(true), ...household({ [BEN]: 'admin' }).slice(1), transferred(ANN, BEN))
      .when(drop(BEN))
      .thenRefused('home_household_must_stay'));

  it('may go once whose home it was is out of it', () =>
    given(created(true), ...household({ [BEN]: 'admin' }).slice(1), transferred(ANN, BEN), {
      type: 'MemberRemoved',
      data: { userId: ANN, reason: 'erased', removedAt: at(8) },
    })
      .when(drop(BEN))
      .then({ type: 'HouseholdDeleted', data: { deletedBy: BEN, deletedAt: at(9) } }));

  it('stays when one of those left has no other home', () =>
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
