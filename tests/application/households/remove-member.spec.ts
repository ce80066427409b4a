import { describe, expect, it } from 'vitest';
import { createRemoveMember } from '../../../src/application/households/remove-member.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  defaultHouseholdOf,
  FLAT,
} from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const removeMember = createRemoveMember(world);
  return {
    ...world,
    remove: (userId: string, memberId: string) =>
      removeMember({ householdId: FLAT, userId, memberId }, contextFrom()),
  };
};

describe('removing a member from a household', () => {
  it.each([
    ['removed', BEN, CAT],
    ['left', CAT, CAT],
  ])('stores MemberRemoved with the reason %s', async (reason, userId, memberId) => {
    const { remove, laterEvents } = await setUp();
    await remove(userId, memberId);
    expect(await laterEvents()).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: memberId, reason, removedAt: START } },
    ]);
  });

  it("moves the member's session to the default household, and no other session", async () => {
    const { remove, openIn, eventsOf, revoked } = await setUp();
    await openIn(CAT);
    await openIn(BEN);
    await remove(ANN, CAT);
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'ActiveHouseholdSwitched',
        data: {
          userId: CAT,
          householdId: defaultHouseholdOf(CAT),
          previous: FLAT,
          cause: 'membership_lost',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          accessToken: null,
          switchedAt: START,
        },
      },
    ]);
    expect(await eventsOf('family-2')).toHaveLength(1);
    expect([...revoked.keys()]).toStrictEqual(['family-1.0']);
  });

  it('revokes what the member has invited, and forgets the address', async () => {
    const { remove, invite, laterEvents, knownAddresses } = await setUp();
    await invite(BEN);
    await remove(ANN, BEN);
    expect((await laterEvents()).slice(1)).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: BEN, reason: 'removed', removedAt: START } },
      {
        type: 'InvitationRevoked',
        data: { invitationId: 'inv_0', reason: 'inviter_lost_rank', revokedAt: START },
      },
    ]);
    expect([...knownAddresses]).toStrictEqual([]);
  });

  it.each([
    ['by a member without the rank', CAT, BEN, 'household_role_insufficient'],
    ['by an admin for the owner', BEN, ANN, 'household_role_insufficient'],
    ['by the owner who wants to leave', ANN, ANN, 'owner_must_stay'],
    ['by a user who is not a member', DAN, CAT, 'household_not_found'],
    ['for a user who is not a member', ANN, DAN, 'member_not_found'],
  ])('is refused %s, and no session changes', async (_, userId, memberId, code) => {
    const { remove, openIn, laterEvents, eventsOf, released } = await setUp();
    await openIn(memberId);
    await expect(remove(userId, memberId)).rejects.toMatchObject({ name: 'DomainError', code });
    expect([await laterEvents(), released]).toStrictEqual([[], []]);
    expect(await eventsOf('family-1')).toHaveLength(1);
  });
});
