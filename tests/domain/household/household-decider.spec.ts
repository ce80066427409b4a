import { describe, expect, it } from 'vitest';
import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import { specificationFor } from '../../support/given-when-then.ts';

const given = specificationFor(householdDecider);

const now = '2026-03-01T12:00:00.000Z';
const create = (home: boolean): HouseholdCommand => ({
  type: 'CreateHousehold',
  data: { name: 'Ann and Ben', ownerId: 'user_ann', home, now },
});
const created = (home: boolean): HouseholdEvent => ({
  type: 'HouseholdCreated',
  data: { name: 'Ann and Ben', ownerId: 'user_ann', home, createdAt: now },
});

describe('when a household does not exist', () => {
  it.each([true, false])('is created (home: %s)', (home) =>
    given().when(create(home)).then(created(home)),
  );
});

describe('when a household exists', () => {
  it('has its owner as its only member', () =>
    expect(given(created(true)).state).toStrictEqual({
      status: 'existing',
      name: 'Ann and Ben',
      ownerId: 'user_ann',
      members: { user_ann: 'owner' },
    }));

  it('is not created again', () =>
    given(created(true)).when(create(true)).thenRefused('household_exists'));
});
