import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { householdAggregate, userAggregate } from '../../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import type { HouseholdCommand } from '../../../../src/domain/household/household-commands.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { register } from '../../../support/events/user-fixtures.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
beforeAll(async () => {
  system = await composeSystem();
  for (const userId of ['user_ann', 'user_ben', 'user_cid']) {
    const data = { ...register.data, email: `${userId}@example.com`, username: null };
    const command = { ...register, data };
    await system.get(tokens.commands).execute(userAggregate, userId, command, visitor);
  }
});
afterAll(() => system?.close());

const give = (householdId: string, ...given: readonly HouseholdCommand[]) =>
  given.reduce(async (before, command) => {
    await before;
    await system.get(tokens.commands).execute(householdAggregate, householdId, command, visitor);
  }, Promise.resolve());

const create = (home: boolean, ownerId = 'user_ann'): HouseholdCommand => ({
  type: 'CreateHousehold',
  data: { name: 'Flat', ownerId, home, now: START },
});
const comeHome = (userId: string): HouseholdCommand => ({
  type: 'AddMember',
  data: { userId, role: 'admin', home: true, now: START },
});
const remove: HouseholdCommand = { type: 'DeleteHousehold', data: { by: 'user_ann', now: START } };

const homes = () => system.sql('SELECT id, household_id FROM users ORDER BY id');

describe('a change that clears the column by which it finds rows', () => {
  it('finds them by the previous value', async () => {
    await give('hh_home', create(true));
    await give('hh_flat', create(false), comeHome('user_ben'));
    await give('hh_other', create(false), comeHome('user_cid'));
    await give('hh_flat', remove);
    expect(await homes()).toStrictEqual([
      { id: 'user_ann', household_id: 'hh_home' },
      { id: 'user_ben', household_id: null },
      { id: 'user_cid', household_id: 'hh_other' },
    ]);
  });
});

describe('changes of two rows with a unique value', () => {
  it('are applied in one statement, in either order', async () => {
    const transfer = (by: string, to: string): HouseholdCommand => ({
      type: 'TransferOwnership',
      data: { by, to, now: START },
    });
    await give('hh_swap', create(false, 'user_cid'), comeHome('user_ann'));
    await give('hh_swap', transfer('user_cid', 'user_ann'), transfer('user_ann', 'user_cid'));
    expect(
      await system.sql(
        "SELECT user_id, role FROM household_members WHERE household_id = 'hh_swap' ORDER BY 1",
      ),
    ).toStrictEqual([
      { user_id: 'user_ann', role: 'admin' },
      { user_id: 'user_cid', role: 'owner' },
    ]);
  });
});
