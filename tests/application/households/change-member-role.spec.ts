import { describe, expect, it } from 'vitest';
import { createChangeMemberRole } from '../../../src/application/households/change-member-role.ts';
import type { GrantableRole } from '../../../src/domain/household/household-events.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const changeMemberRole = createChangeMemberRole(world);
  return {
    ...world,
    change: (userId: string, memberId: string, role: GrantableRole) =>
      changeMemberRole({ householdId: FLAT, userId, memberId, role }, contextFrom()),
  };
};

describe('changing the role of a member', () => {
  it('stores MemberRoleChanged', async () => {
    const { change, laterEvents } = await setUp();
    await change(BEN, CAT, 'viewer');
    expect(await laterEvents()).toStrictEqual([
      {
        type: 'MemberRoleChanged',
        data: { userId: CAT, role: 'viewer', previous: 'member', changedAt: START },
      },
    ]);
  });

  it('stores nothing when the member has the role already', async () => {
    const { change, laterEvents } = await setUp();
    await change(ANN, CAT, 'member');
    expect(await laterEvents()).toStrictEqual([]);
  });

  it('revokes what a demoted admin has invited, and forgets the address', async () => {
    const { change, invite, laterEvents, knownAddresses } = await setUp();
    await invite(BEN);
    await invite(ANN, 'eve@example.com');
    await change(ANN, BEN, 'member');
    expect((await laterEvents()).slice(2)).toStrictEqual([
      {
        type: 'MemberRoleChanged',
        data: { userId: BEN, role: 'member', previous: 'admin', changedAt: START },
      },
      {
        type: 'InvitationRevoked',
        data: { invitationId: 'inv_0', reason: 'inviter_lost_rank', revokedAt: START },
      },
    ]);
    expect([...knownAddresses.values()]).toStrictEqual(['eve@example.com']);
  });

  it.each([
    ['by a member without the rank', CAT, BEN, 'household_role_insufficient'],
    ['by an admin for an equal', BEN, BEN, 'household_role_insufficient'],
    ['by an admin for the owner', BEN, ANN, 'household_role_insufficient'],
    ['by a user who is not a member', DAN, CAT, 'household_not_found'],
    ['for a user who is not a member', ANN, DAN, 'member_not_found'],
  ])('is refused %s', async (_, userId, memberId, code) => {
    const { change, laterEvents } = await setUp();
    await expect(change(userId, memberId, 'viewer')).rejects.toMatchObject({
      name: 'DomainError',
      code,
    });
    expect(await laterEvents()).toStrictEqual([]);
  });
});
