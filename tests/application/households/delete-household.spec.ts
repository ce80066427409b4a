import { describe, expect, it } from 'vitest';
import { createDeleteHousehold } from '../../../src/application/households/delete-household.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  defaultHouseholdOf,
  FLAT,
} from '../../support/households/household-services.ts';
import { PASSWORD } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const AUTH_TIME = Date.parse(START) / 1_000;

const setUp = async (userId = ANN) => {
  const world = await createHouseholdServices();
  await world.openIn(userId);
  const deleteHousehold = createDeleteHousehold(world);
  return {
    ...world,
    remove: (password?: string, householdId = FLAT) =>
      deleteHousehold(
        { householdId, userId, sessionId: 'family-1', authTime: AUTH_TIME, password },
        contextFrom(),
      ),
  };
};

describe('deleting a household', () => {
  it('stores HouseholdDeleted, after it released the rows of all members', async () => {
    const { remove, laterEvents, released } = await setUp();
    await remove(PASSWORD);
    expect(await laterEvents()).toStrictEqual([
      { type: 'HouseholdDeleted', data: { deletedBy: ANN, deletedAt: START } },
    ]);
    expect(released).toStrictEqual([[FLAT, undefined]]);
  });

  it('moves the sessions of all members to their default households', async () => {
    const { remove, openIn, eventsOf } = await setUp();
    await openIn(CAT);
    await remove();
    for (const [family, userId] of [
      ['family-1', ANN],
      ['family-2', CAT],
    ] as const) {
      expect((await eventsOf(family)).slice(1)).toStrictEqual([
        {
          type: 'ActiveHouseholdSwitched',
          data: {
            userId,
            householdId: defaultHouseholdOf(userId),
            previous: FLAT,
            cause: 'membership_lost',
            accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
            accessToken: null,
            switchedAt: START,
          },
        },
      ]);
    }
  });

  it('forgets the addresses of its open invitations', async () => {
    const { remove, invite, knownAddresses } = await setUp();
    await invite();
    await remove();
    expect([...knownAddresses]).toStrictEqual([]);
  });

  it('is deleted when the addresses of its invitations cannot be forgotten now', async () => {
    const world = await setUp();
    await world.invite();
    const deleteHousehold = createDeleteHousehold({
      ...world,
      addresses: {
        ...world.addresses,
        forget: async () => {
          throw new Error('the database is away');
        },
      },
    });
    await deleteHousehold(
      { householdId: FLAT, userId: ANN, sessionId: 'family-1', authTime: AUTH_TIME },
      contextFrom(),
    );
    expect(await world.last()).toMatchObject({ type: 'HouseholdDeleted' });
  });
});

describe('deleting a household that is refused', () => {
  it('is refused for the default household of a member', async () => {
    const { remove, eventsOfHousehold, openIn } = await setUp();
    await openIn(ANN, defaultHouseholdOf(ANN));
    await expect(remove(PASSWORD, defaultHouseholdOf(ANN))).rejects.toMatchObject({
      name: 'DomainError',
      code: 'home_household_must_stay',
    });
    expect(await eventsOfHousehold(defaultHouseholdOf(ANN))).toHaveLength(1);
  });

  it('requires the password when the sign-in is older than five minutes', async () => {
    const { remove, clock, laterEvents } = await setUp();
    clock.advance(301);
    await expect(remove()).rejects.toMatchObject({ code: 'step_up_required' });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it('is refused with a wrong password', async () => {
    const { remove, laterEvents } = await setUp();
    await expect(remove('something else')).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it('is refused for a session that has ended', async () => {
    const { remove, revokeTokenFamily, laterEvents } = await setUp();
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(remove()).rejects.toMatchObject({ code: 'access_token_invalid' });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it.each([
    ['an admin', BEN, 'household_role_insufficient'],
    ['a user who is not a member', DAN, 'household_not_found'],
  ])('is refused for %s, and keeps invitations and sessions', async (_, userId, code) => {
    const { remove, invite, knownAddresses, eventsOf, released } = await setUp(userId);
    await invite();
    await expect(remove()).rejects.toMatchObject({ name: 'DomainError', code });
    expect([knownAddresses.size, released]).toStrictEqual([1, []]);
    expect(await eventsOf('family-1')).toHaveLength(1);
  });
});
