import { describe, expect, it } from 'vitest';
import { createListMembers } from '../../../src/application/households/list-members.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../support/households/household-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const listMembers = createListMembers(world);
  return {
    ...world,
    list: (limit: number, after?: { joinedAt: string; userId: string }, userId = CAT) =>
      listMembers({ householdId: FLAT, userId, after, limit }),
  };
};

const unnamed = { displayName: null, username: null, joinedAt: START };

describe('listing the members of a household', () => {
  it('answers a page, and the place that the next page begins after', async () => {
    const { list } = await setUp();
    expect(await list(2)).toStrictEqual({
      members: [
        { ...unnamed, userId: ANN, role: 'owner' },
        { ...unnamed, userId: BEN, role: 'admin' },
      ],
      next: { joinedAt: START, userId: BEN },
    });
  });

  it('answers no next place on the last page', async () => {
    const { list } = await setUp();
    expect(await list(2, { joinedAt: START, userId: BEN })).toStrictEqual({
      members: [{ ...unnamed, userId: CAT, role: 'member' }],
      next: undefined,
    });
    expect(await list(3)).toMatchObject({ next: undefined });
  });

  it('is refused for a user who is not a member', async () => {
    const { list } = await setUp();
    await expect(list(2, undefined, DAN)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'household_not_found',
    });
  });
});
