import { describe, expect, it } from 'vitest';
import { createUnlockUser } from '../../../src/application/administration/unlock-user.ts';
import {
  administeredAccounts,
  byChief,
} from '../../support/administration/administered-accounts.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { client, lockout } from '../../support/events/user-fixtures.ts';
import { hashOf, PASSWORD } from '../../support/identity/account-services.ts';

const setUp = async () => {
  const services = await administeredAccounts();
  const unlockUser = createUnlockUser(services);
  return {
    ...services,
    unlock: (userId: string) => unlockUser(userId, byChief),
    /** Locks Ann's account for an hour. */
    lock: async () => {
      const policy = { ...lockout, maxFailures: 1 };
      const data = { checkedHash: hashOf(PASSWORD), client, policy, now: services.clock.now() };
      await services.give('user_ann', { type: 'RecordSignInFailure', data });
    },
  };
};

describe('unlocking a user', () => {
  it('lifts the lock, once', async () => {
    const { unlock, lock, accounts, typesOf } = await setUp();
    await lock();
    await unlock('user_ann');
    await unlock('user_ann');
    expect(await accounts.findById('user_ann')).toMatchObject({ lockedUntil: null });
    expect(await typesOf('user_ann')).toStrictEqual(['SignInFailed', 'UserLocked', 'UserUnlocked']);
  });

  it('stores UserUnlocked, and names the administrator who did it', async () => {
    const { unlock, lock, clock, eventsOfUser, eventStore } = await setUp();
    await lock();
    clock.advance(60);
    await unlock('user_ann');
    expect((await eventsOfUser('user_ann')).slice(3)).toStrictEqual([
      { type: 'UserUnlocked', data: { reason: 'admin', unlockedAt: at(60) } },
    ]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_chief');
  });

  it('stores nothing when the lock has ended by itself', async () => {
    const { unlock, lock, clock, typesOf } = await setUp();
    await lock();
    clock.advance(lockout.lockSeconds);
    await unlock('user_ann');
    expect(await typesOf('user_ann')).toStrictEqual(['SignInFailed', 'UserLocked']);
  });

  it('is refused for an unknown user', async () => {
    const { unlock } = await setUp();
    await expect(unlock('user_gone')).rejects.toMatchObject({ code: 'user_not_found' });
  });
});
