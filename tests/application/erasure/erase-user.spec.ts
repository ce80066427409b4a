import { describe, expect, it } from 'vitest';
import { createEraseUser } from '../../../src/application/erasure/erase-user.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import { createStoreAlongWithSessions } from '../../../src/application/sessions/store-along-with-sessions.ts';
import { createErasureServices } from '../../support/erasure/erasure-services.ts';
import { CAT } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { defaultHouseholdOf } from '../../support/households/household-services.ts';
import { hashOf, PASSWORD } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const ADDRESS = 'cat@example.com';
type Granted = Parameters<
  Awaited<ReturnType<typeof createErasureServices>>['eraseUser']
>[0]['granted'];

const setUp = async () => {
  const world = await createErasureServices();
  return {
    ...world,
    erase: (userId = CAT, granted: Granted = null) =>
      world.eraseUser({ userId, granted }, contextFrom()),
  };
};

describe('erasing a user', () => {
  it('stores UserErased and the revocation of the sessions', async () => {
    const { erase, openIn, eventsOfUser, eventsOf, revoked } = await setUp();
    await openIn(CAT);
    expect(await erase()).toBe(true);
    expect((await eventsOfUser(CAT)).slice(2)).toStrictEqual([
      { type: 'UserErased', data: { erasedAt: START } },
    ]);
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: CAT,
          reason: 'erased',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: START,
        },
      },
    ]);
    expect([...revoked]).toStrictEqual([['family-1.0', at(600)]]);
  });

  it('ends the memberships before the account', async () => {
    const { erase, laterEvents, eventsOfHousehold, allEvents } = await setUp();
    await erase();
    expect(await laterEvents()).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: CAT, reason: 'erased', removedAt: START } },
    ]);
    expect((await eventsOfHousehold(defaultHouseholdOf(CAT))).slice(1)).toStrictEqual([
      { type: 'HouseholdDeleted', data: { deletedBy: CAT, deletedAt: START } },
    ]);
    expect((await allEvents()).slice(-3).map(({ type }) => type)).toStrictEqual([
      'HouseholdDeleted',
      'MemberRemoved',
      'UserErased',
    ]);
  });

  it('ends a membership that was joined while the account was erased', async () => {
    const world = await setUp();
    const erase = createEraseUser({
      ...world,
      leaveHouseholds: { ...world.leaveHouseholds, current: async () => undefined },
    });
    expect(await erase({ userId: CAT, granted: null }, contextFrom())).toBe(true);
    expect(await world.last()).toMatchObject({ type: 'MemberRemoved', data: { userId: CAT } });
  });

  it('forgets every address that the account ever had, before and after the append', async () => {
    const { erase, give, forgotten, oneTimeTokens } = await setUp();
    const data = {
      email: 'kitty@example.com',
      checkedHash: hashOf(PASSWORD),
      token: oneTimeTokens.issue('email_change', START),
      now: START,
    };
    await give(CAT, { type: 'RequestEmailChange', data });
    await erase();
    const addresses = [ADDRESS, 'kitty@example.com'];
    expect(forgotten).toStrictEqual([addresses, addresses]);
  });

  it('finishes what an interrupted erasure left, and stores no second UserErased', async () => {
    const { erase, give, openIn, typesOf, sessions, last } = await setUp();
    await openIn(CAT);
    await give(CAT, { type: 'EraseUser', data: { granted: null, now: START } });
    expect(await erase()).toBe(true);
    expect(await typesOf(CAT, 2)).toStrictEqual(['UserErased']);
    expect(await sessions.unrevokedFamilyIds(CAT)).toStrictEqual([]);
    expect(await last()).toMatchObject({ type: 'MemberRemoved', data: { userId: CAT } });
  });

  it('erases nothing when an unverified account was verified meanwhile', async () => {
    const { erase, openIn, typesOf, laterEvents, forgotten, sessions } = await setUp();
    await openIn(CAT);
    expect(await erase(CAT, 'unverified')).toBe(false);
    expect([await typesOf(CAT, 2), await laterEvents(), forgotten]).toStrictEqual([[], [], []]);
    expect(await sessions.unrevokedFamilyIds(CAT)).toStrictEqual(['family-1']);
  });
});

describe('erasing a user that is refused', () => {
  it('is refused for an unknown user', async () => {
    const { erase } = await setUp();
    await expect(erase('user_gone')).rejects.toMatchObject({ code: 'user_not_found' });
  });

  it('is refused for the last administrator, who stays a member everywhere', async () => {
    const { erase, give, laterEvents, typesOf } = await setUp();
    await give(CAT, { type: 'ChangeRole', data: { role: 'admin', now: START } });
    await expect(erase()).rejects.toStrictEqual(new ApplicationError('last_admin'));
    expect([await typesOf(CAT, 3), await laterEvents()]).toStrictEqual([[], []]);
  });

  it('is refused while a table of the application holds the user', async () => {
    const { erase, referencedUsers, typesOf, laterEvents, forgotten } = await setUp();
    referencedUsers.add(CAT);
    await expect(erase()).rejects.toStrictEqual(new ApplicationError('user_in_use'));
    expect([await typesOf(CAT, 2), await laterEvents(), forgotten]).toStrictEqual([[], [], []]);
  });

  it.each([
    ['credentials_changed', { checkedHash: 'an older hash' }, undefined],
    ['user_deactivated', { checkedHash: hashOf(PASSWORD) }, 'DeactivateUser'],
  ] as const)(
    'is refused when the account is not what the user was verified against: %s',
    async (code, granted, change) => {
      const { erase, give, typesOf, laterEvents } = await setUp();
      if (change !== undefined) await give(CAT, { type: change, data: { now: START } });
      await expect(erase(CAT, granted)).rejects.toMatchObject({ name: 'DomainError', code });
      expect(await typesOf(CAT, 2)).not.toContain('UserErased');
      expect(await laterEvents()).toStrictEqual([]);
    },
  );

  it('gives up when every append of the account loses its race', async () => {
    const world = await setUp();
    const commands = createCommandHandler({
      eventStore: {
        ...world.eventStore,
        append: async (appends) => {
          const user = appends.find(({ stream }) => stream.category === 'user');
          if (user !== undefined) throw new RevisionConflict(user.stream);
          await world.eventStore.append(appends);
        },
      },
      ids: world.ids,
    });
    const storeAlongWithSessions = createStoreAlongWithSessions({ ...world, commands });
    const erase = createEraseUser({ ...world, commands, storeAlongWithSessions });
    await expect(erase({ userId: CAT, granted: null }, contextFrom())).rejects.toMatchObject({
      code: 'concurrent_update',
    });
    expect(await world.typesOf(CAT, 2)).toStrictEqual([]);
  });
});
