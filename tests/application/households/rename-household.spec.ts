import { describe, expect, it } from 'vitest';
import { createRenameHousehold } from '../../../src/application/households/rename-household.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const renameHousehold = createRenameHousehold(world);
  return {
    ...world,
    rename: (userId: string, name = ' The House ') =>
      renameHousehold({ householdId: FLAT, userId, name }, contextFrom()),
  };
};

describe('renaming a household', () => {
  it('stores HouseholdRenamed, and answers the household with its new name', async () => {
    const { rename, laterEvents } = await setUp();
    expect(await rename(BEN)).toStrictEqual({
      id: FLAT,
      name: 'The House',
      role: 'admin',
      memberCount: 3,
      createdAt: START,
    });
    expect(await laterEvents()).toStrictEqual([
      {
        type: 'HouseholdRenamed',
        data: { name: 'The House', renamedBy: BEN, renamedAt: START },
      },
    ]);
  });

  it('stores nothing when the name is the present one', async () => {
    const { rename, laterEvents } = await setUp();
    expect(await rename(ANN, 'The Flat')).toMatchObject({ name: 'The Flat' });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it.each([
    ['a malformed name', ANN, ' ', 'household_name_invalid'],
    ['a member without the rank', CAT, 'The House', 'household_role_insufficient'],
    ['a user who is not a member', DAN, 'The House', 'household_not_found'],
  ])('is refused for %s', async (_, userId, name, code) => {
    const { rename, laterEvents } = await setUp();
    await expect(rename(userId, name)).rejects.toMatchObject({ name: 'DomainError', code });
    expect(await laterEvents()).toStrictEqual([]);
  });
});
