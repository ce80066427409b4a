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
  it('leaves, whatever the role', () => {
    const past = household({ [BEN]: 'admin', [CAT]: 'viewer' });
    given(...past)
      .when(erase(BEN))
      .then(removed(BEN));
    given(...past)
      .when(erase(CAT))
      .then(removed(CAT));
  });

  it('is nobody where there is no membership', () =>
    given(...household({ [BEN]: 'admin' }))
      .when(erase(STRANGER))
      .thenNothingHappened());

  it('takes along the invitations that went out', () =>
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
  it('goes to the member of the highest rank', () =>
    given(...household({ [BEN]: 'viewer', [CAT]: 'member', [DAN]: 'admin' }))
      .when(erase(ANN))
      .then(inherits(DAN), removed(ANN)));

  it('goes to the longest in it among equals', () =>
    given(...household({ [BEN]: 'viewer', [DAN]: 'member', [CAT]: 'member' }))
      .when(erase(ANN))
      .then(inherits(DAN), removed(ANN)));

  it('goes to a viewer where there is nobody else', () =>
    given(...household({ [CAT]: 'viewer' }))
      .when(erase(ANN))
      .then(inherits(CAT), removed(ANN)));

  it('goes with its last member', () =>
    given(...household({}))
      .when(erase(ANN))
      .then({ type: 'HouseholdDeleted', data: { deletedBy: ANN, deletedAt: at(9) } }));

  it('is over once it has gone', () =>
    given(...household({}), {
      type: 'HouseholdDeleted',
      data: { deletedBy: ANN, deletedAt: at(8) },
    })
      .when(erase(ANN))
      .thenRefused('household_not_found'));
});
