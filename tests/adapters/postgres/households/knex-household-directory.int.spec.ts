import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdDirectory } from '../../../../src/application/households/household-directory.ts';
import { householdAggregate, userAggregate } from '../../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import type { HouseholdCommand } from '../../../../src/domain/household/household-commands.ts';
import type { GrantableRole } from '../../../../src/domain/household/household-events.ts';
import { at } from '../../../support/events/token-family-fixtures.ts';
import { register } from '../../../support/events/user-fixtures.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
let households: HouseholdDirectory;

const PEOPLE = ['ann', 'ben', 'cid', 'dan'] as const;

const give = (householdId: string, command: HouseholdCommand) =>
  system.get(tokens.commands).execute(householdAggregate, householdId, command, visitor);

const create = (householdId: string, owner: string, seconds: number, home = false) =>
  give(householdId, {
    type: 'CreateHousehold',
    data: { name: `Of ${owner}`, ownerId: `user_${owner}`, home, now: at(seconds) },
  });
const add = (householdId: string, name: string, role: GrantableRole, seconds: number) =>
  give(householdId, {
    type: 'AddMember',
    data: { userId: `user_${name}`, role, home: false, now: at(seconds) },
  });
const remove = (householdId: string, name: string, owner: string) =>
  give(householdId, {
    type: 'RemoveMember',
    data: { by: `user_${owner}`, userId: `user_${name}`, now: at(900) },
  });

beforeAll(async () => {
  system = await composeSystem();
  households = system.get(tokens.householdDirectory);
  for (const name of PEOPLE) {
    const data = { ...register.data, email: `${name}@example.com`, username: name };
    const command = { ...register, data: { ...data, displayName: name.toUpperCase() } };
    await system.get(tokens.commands).execute(userAggregate, `user_${name}`, command, visitor);
  }
  await create('hh_ann', 'ann', 5, true);
  await create('hh_flat', 'ben', 1);
  await add('hh_flat', 'ann', 'viewer', 3);
  await add('hh_flat', 'dan', 'admin', 3);
  await add('hh_flat', 'cid', 'member', 2);
});
afterAll(() => system?.close());

const flat = { id: 'hh_flat', name: 'Of ben', createdAt: at(1), memberCount: 4 };

describe('the households of a user', () => {
  it("are listed in the order of joining, with the user's role and the number of members", async () =>
    expect(await households.listOf('user_ann')).toStrictEqual([
      { ...flat, role: 'viewer' },
      { id: 'hh_ann', name: 'Of ann', role: 'owner', memberCount: 1, createdAt: at(5) },
    ]));

  it('are empty for a user without memberships', async () =>
    expect(await households.listOf('user_unknown')).toStrictEqual([]));
});

describe('one household', () => {
  it('is found by its members', async () => {
    expect(await households.find('hh_flat', 'user_ben')).toStrictEqual({ ...flat, role: 'owner' });
    expect(await households.find('hh_flat', 'user_dan')).toStrictEqual({ ...flat, role: 'admin' });
  });

  it('is not found by other users or under an unknown id', async () => {
    expect(await households.find('hh_ann', 'user_ben')).toBeUndefined();
    expect(await households.find('hh_unknown', 'user_ben')).toBeUndefined();
  });
});

describe('the members of a household', () => {
  const ids = async (limit: number, after?: { joinedAt: string; userId: string }) =>
    (await households.listMembers('hh_flat', { after, limit })).map(({ userId }) => userId);

  it('are listed in the order of joining, and by id among those who joined at the same time', async () =>
    expect(await households.listMembers('hh_flat', { after: undefined, limit: 9 })).toStrictEqual(
      (
        [
          ['ben', 'owner', 1],
          ['cid', 'member', 2],
          ['ann', 'viewer', 3],
          ['dan', 'admin', 3],
        ] as const
      ).map(([name, role, seconds]) => ({
        userId: `user_${name}`,
        displayName: name.toUpperCase(),
        username: name,
        role,
        joinedAt: at(seconds),
      })),
    ));

  it('are listed page by page, each exactly once', async () => {
    expect(await ids(2)).toStrictEqual(['user_ben', 'user_cid']);
    expect(await ids(1, { joinedAt: at(2), userId: 'user_cid' })).toStrictEqual(['user_ann']);
    expect(await ids(9, { joinedAt: at(3), userId: 'user_ann' })).toStrictEqual(['user_dan']);
    expect(await ids(9, { joinedAt: at(3), userId: 'user_dan' })).toStrictEqual([]);
  });
});

describe('the default household of a user', () => {
  it('is the recorded one, whatever the user joined before', async () =>
    expect(await households.defaultOf('user_ann', 'hh_unknown')).toBe('hh_ann'));

  it('is the oldest other membership when the recorded one is excluded', async () => {
    expect(await households.defaultOf('user_ann', 'hh_ann')).toBe('hh_flat');
    await create('hh_den', 'ann', 4);
    await create('hh_eve', 'ann', 2);
    expect(await households.defaultOf('user_ann', 'hh_ann')).toBe('hh_eve');
    await remove('hh_flat', 'ann', 'ben');
    expect(await households.defaultOf('user_ann', 'hh_eve')).toBe('hh_ann');
  });

  it('is null without another membership', async () => {
    expect(await households.defaultOf('user_cid', 'hh_flat')).toBeNull();
    await remove('hh_flat', 'cid', 'ben');
    expect(await households.defaultOf('user_cid', 'hh_ann')).toBeNull();
  });
});
