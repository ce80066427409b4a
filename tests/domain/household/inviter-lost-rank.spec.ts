import { describe, it } from 'vitest';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import { ANN, BEN, CAT, household } from '../../support/events/household-fixtures.ts';
import { invited, resent, voided } from '../../support/events/invitation-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);

describe('an inviter who may no longer invite', () => {
  const byBen = [
    ...household({ [BEN]: 'admin', [CAT]: 'viewer' }),
    invited(1, 1, { by: BEN, role: 'viewer', person: 'eve' }),
    invited(2, 1, { by: ANN, person: 'fay' }),
    invited(3, 1, { by: BEN, role: 'admin', person: 'gil' }),
  ];

  it.each(['member', 'viewer'] as const)(
    'has no open invitation after the change of role to %s',
    (role) =>
      given(...byBen)
        .when({ type: 'ChangeMemberRole', data: { by: ANN, userId: BEN, role, now: at(9) } })
        .then(
          {
            type: 'MemberRoleChanged',
            data: { userId: BEN, role, previous: 'admin', changedAt: at(9) },
          },
          voided(1, 9, 'inviter_lost_rank'),
          voided(3, 9, 'inviter_lost_rank'),
        ),
  );

  it.each([
    ['removed', ANN],
    ['left', BEN],
  ] as const)('has no open invitation after: %s', (reason, by) =>
    given(...byBen)
      .when({ type: 'RemoveMember', data: { by, userId: BEN, now: at(9) } })
      .then(
        { type: 'MemberRemoved', data: { userId: BEN, reason, removedAt: at(9) } },
        voided(1, 9, 'inviter_lost_rank'),
        voided(3, 9, 'inviter_lost_rank'),
      ),
  );

  it('remains the inviter of an invitation that another member sent again', () =>
    given(...byBen, resent(2, 5, 70, { by: BEN }))
      .when({ type: 'RemoveMember', data: { by: BEN, userId: BEN, now: at(9) } })
      .then(
        { type: 'MemberRemoved', data: { userId: BEN, reason: 'left', removedAt: at(9) } },
        voided(1, 9, 'inviter_lost_rank'),
        voided(3, 9, 'inviter_lost_rank'),
      ));

  it('does not affect invitations by other members', () =>
    given(...byBen)
      .when({ type: 'RemoveMember', data: { by: ANN, userId: CAT, now: at(9) } })
      .then({ type: 'MemberRemoved', data: { userId: CAT, reason: 'removed', removedAt: at(9) } }));
});
