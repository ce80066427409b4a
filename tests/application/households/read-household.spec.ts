import { describe, expect, it } from 'vitest';
import { ANN, DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../support/households/household-services.ts';

const notFound = { name: 'DomainError', code: 'household_not_found' };

describe('reading a household', () => {
  it('answers the household with the role of the member who reads', async () => {
    const { readHousehold } = await createHouseholdServices();
    expect(await readHousehold(FLAT, ANN)).toStrictEqual({
      id: FLAT,
      name: 'The Flat',
      role: 'owner',
      memberCount: 3,
      createdAt: START,
    });
  });

  it('is refused for a user who is not a member like a household that does not exist', async () => {
    const { readHousehold } = await createHouseholdServices();
    await expect(readHousehold(FLAT, DAN)).rejects.toMatchObject(notFound);
    await expect(readHousehold('hh_none', ANN)).rejects.toMatchObject(notFound);
  });
});
