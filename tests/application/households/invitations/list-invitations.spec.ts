import { describe, expect, it } from 'vitest';
import { createListInvitations } from '../../../../src/application/households/invitations/list-invitations.ts';
import { ANN, BEN, CAT, STRANGER } from '../../../support/events/household-fixtures.ts';
import { at, START } from '../../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  DAN_ADDRESS,
  FLAT,
} from '../../../support/households/household-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const listInvitations = createListInvitations(world);
  return { ...world, list: (userId: string) => listInvitations(FLAT, userId) };
};

describe('listing the invitations of a household', () => {
  it.each([ANN, BEN])('answers the open ones to an owner and to an admin: %s', async (userId) => {
    const { invite, list } = await setUp();
    await invite();
    expect(await list(userId)).toStrictEqual([
      {
        id: 'inv_0',
        email: DAN_ADDRESS,
        role: 'member',
        invitedBy: ANN,
        createdAt: START,
        expiresAt: at(604_800),
      },
    ]);
  });

  it('leaves out an invitation that has expired', async () => {
    const { invite, list, clock } = await setUp();
    await invite();
    clock.advance(604_800);
    expect(await list(ANN)).toStrictEqual([]);
  });

  it('is refused for a member who may not invite', async () => {
    const { list } = await setUp();
    await expect(list(CAT)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'household_role_insufficient',
    });
  });

  it('is refused for a user who is not a member', async () => {
    const { list } = await setUp();
    await expect(list(STRANGER)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'household_not_found',
    });
  });
});
