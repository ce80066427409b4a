import { describe, it } from 'vitest';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import {
  ANN,
  BEN,
  CAT,
  DAN,
  household,
  STRANGER,
} from '../../support/events/household-fixtures.ts';
import { invitation, invited } from '../../support/events/invitation-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);
const erase = (userId: string) => ({ type: 'EraseMember', data: { userId, now: at(9) } }) as const;
const removed = (userId: string): HouseholdEvent => ({
  type: 'MemberRemoved',
  data: { userId, reason: 'erased', removedAt: at(9) },
});
const inherits = (to: string): HouseholdEvent => ({
  type: 'OwnershipTransferred',
  data: { from: ANN, to, transferredAt: at(9) },
});

describe('a member who is erased', () => {
  it('leaves the household, whatever the role', () => {
    const past = household({ [BEN]: 'admin', [CAT]: 'viewer' });
    given(...past)
      .when(erase(BEN))
      .then(removed(BEN));
    given(...past)
      .when(erase(CAT))
      .then(removed(CAT));
  });

  it('stores no event without a membership', () =>
    given(...household({ [BEN]: 'admin' }))
      .when(erase(STRANGER))
      .thenNothingHappened());

  it('leaves no open invitation behind', () =>
    given(...household({ [BEN]: 'admin' }), invited(1, 1, { by: BEN }))
      .when(erase(BEN))
      .then(removed(BEN), {
        type: 'InvitationRevoked',
        data: {
          invitationId: invitation(1),
          reason: 'inviter_lost_rank',
          revokedAt: at(9),
        },
      }));
});

describe('the household of an owner who is erased', () => {
  it('passes to the member with the highest role', () =>
    given(...household({ [BEN]: 'viewer', [CAT]: 'member', [DAN]: 'admin' }))
      .when(erase(ANN))
      .then(inherits(DAN), removed(ANN)));

  it('passes to the longest member among equal roles', () =>
    given(...household({ [BEN]: 'viewer', [DAN]: 'member', [CAT]: 'member' }))
      .when(erase(ANN))
      .then(inherits(DAN), removed(ANN)));

  it('passes to a viewer when there is no other member', () =>
    given(...household({ [CAT]: 'viewer' }))
      .when(erase(ANN))
      .then(inherits(CAT), removed(ANN)));

  it('is deleted with its last member', () =>
    given(...household({}))
      .when(erase(ANN))
      .then({ type: 'HouseholdDeleted', data: { deletedBy: ANN, deletedAt: at(9) } }));

  it('remains deleted when the owner is erased again', () =>
    given(...household({}), {
      type: 'HouseholdDeleted',
      data: { deletedBy: ANN, deletedAt: at(8) },
    })
      .when(erase(ANN))
      .thenRefused('household_not_found'));
});
