import { describe, expect, it } from 'vitest';
import { createChangeMemberRole } from '../../../../src/application/households/change-member-role.ts';
import { createRevokeInvitation } from '../../../../src/application/households/invitations/revoke-invitation.ts';
import { ANN, BEN, CAT, STRANGER } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../../support/households/household-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const revokeInvitation = createRevokeInvitation(world);
  const changeMemberRole = createChangeMemberRole(world);
  return {
    ...world,
    revoke: (invitationId: string, userId = ANN) =>
      revokeInvitation({ householdId: FLAT, userId, invitationId }, contextFrom()),
    demote: (memberId: string) =>
      changeMemberRole({ householdId: FLAT, userId: ANN, memberId, role: 'viewer' }, contextFrom()),
  };
};

describe('revoking an invitation', () => {
  it('stores InvitationRevoked', async () => {
    const { invite, revoke, laterEvents } = await setUp();
    const { id } = await invite();
    await revoke(id, BEN);
    expect((await laterEvents()).slice(1)).toStrictEqual([
      {
        type: 'InvitationRevoked',
        data: { invitationId: id, reason: 'revoked', revokedAt: START },
      },
    ]);
  });

  it('forgets its address, like the address of what a demoted admin has invited', async () => {
    const { invite, revoke, demote, knownAddresses } = await setUp();
    const { id } = await invite();
    const { id: promised } = await invite(BEN, 'eve@example.com');
    expect([...knownAddresses.keys()]).toStrictEqual([id, promised]);
    await revoke(id, BEN);
    expect([...knownAddresses.keys()]).toStrictEqual([promised]);
    await demote(BEN);
    expect([...knownAddresses.keys()]).toStrictEqual([]);
  });

  it('ends the invitation when its address cannot be forgotten now', async () => {
    const world = await setUp();
    const { id } = await world.invite();
    const revoke = createRevokeInvitation({
      ...world,
      addresses: {
        ...world.addresses,
        forget: async () => {
          throw new Error('the database is away');
        },
      },
    });
    await revoke({ householdId: FLAT, userId: ANN, invitationId: id }, contextFrom());
    expect(await world.last()).toMatchObject({ type: 'InvitationRevoked' });
  });

  it.each([
    ['a member without the rank', CAT, 'inv_0', 'household_role_insufficient'],
    ['a user who is not a member', STRANGER, 'inv_0', 'household_not_found'],
    ['an invitation that does not exist', ANN, 'inv_none', 'invitation_not_found'],
  ])('is refused for %s, and the invitation stays open', async (_, userId, invitationId, code) => {
    const { invite, revoke, laterEvents, knownAddresses } = await setUp();
    await invite();
    await expect(revoke(invitationId, userId)).rejects.toMatchObject({ code });
    expect((await laterEvents()).map(({ type }) => type)).toStrictEqual(['MemberInvited']);
    expect(knownAddresses.size).toBe(1);
  });

  it('is refused a second time', async () => {
    const { invite, revoke } = await setUp();
    const { id } = await invite();
    await revoke(id);
    await expect(revoke(id)).rejects.toMatchObject({ code: 'invitation_not_found' });
  });
});
