import { describe, expect, it } from 'vitest';
import { createCreateHousehold } from '../../../src/application/households/create-household.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices } from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

type World = Awaited<ReturnType<typeof createHouseholdServices>>;

/** `change`: what happens right after the account was read. */
const setUp = async (
  change: (world: World) => Partial<Parameters<typeof createCreateHousehold>[0]> = () => ({}),
) => {
  const world = await createHouseholdServices();
  const createHousehold = createCreateHousehold({ ...world, ...change(world) });
  return {
    ...world,
    create: (name = ' The Cottage ', userId = DAN) =>
      createHousehold({ userId, name }, contextFrom()),
  };
};

const signedOut = new ApplicationError('access_token_invalid');

describe('creating a household', () => {
  it('answers the household, which its creator owns', async () => {
    const { create } = await setUp();
    expect(await create()).toStrictEqual({
      id: 'household-1',
      name: 'The Cottage',
      role: 'owner',
      memberCount: 1,
      createdAt: START,
    });
  });

  it('stores HouseholdCreated', async () => {
    const { create, eventsOfHousehold } = await setUp();
    await create();
    expect(await eventsOfHousehold('household-1')).toStrictEqual([
      {
        type: 'HouseholdCreated',
        data: { name: 'The Cottage', ownerId: DAN, home: false, createdAt: START },
      },
    ]);
  });

  it('becomes the default household of a user who has none', async () => {
    const { create, eventsOfHousehold } = await setUp(({ accounts }) => ({
      accounts: {
        ...accounts,
        findById: async (userId) => {
          const account = await accounts.findById(userId);
          return account && { ...account, householdId: null, householdRole: null };
        },
      },
    }));
    await create();
    expect(await eventsOfHousehold('household-1')).toMatchObject([{ data: { home: true } }]);
  });
});

describe('creating a household that is refused', () => {
  it('is refused with a malformed name', async () => {
    const { create, eventsOfHousehold } = await setUp();
    await expect(create(' ')).rejects.toMatchObject({ code: 'household_name_invalid' });
    expect(await eventsOfHousehold('household-1')).toStrictEqual([]);
  });

  it('is refused for an account that is deactivated or gone', async () => {
    const { create, give, eventsOfHousehold } = await setUp();
    await give(DAN, { type: 'DeactivateUser', data: { now: START } });
    for (const userId of [DAN, 'user_gone']) {
      await expect(create('The Cottage', userId)).rejects.toStrictEqual(signedOut);
    }
    expect(await eventsOfHousehold('household-1')).toStrictEqual([]);
  });

  it('is deleted again when its owner was erased meanwhile', async () => {
    const { create, eventsOfHousehold } = await setUp(({ accounts, give }) => ({
      accounts: {
        ...accounts,
        findById: async (userId) => {
          const account = await accounts.findById(userId);
          await give(DAN, { type: 'EraseUser', data: { granted: null, now: START } });
          return account;
        },
      },
    }));
    await expect(create()).rejects.toStrictEqual(signedOut);
    expect((await eventsOfHousehold('household-1')).slice(1)).toStrictEqual([
      { type: 'HouseholdDeleted', data: { deletedBy: DAN, deletedAt: START } },
    ]);
  });
});
