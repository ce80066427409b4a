import { describe, expect, it } from 'vitest';
import { createEraseUnverifiedAccounts } from '../../../src/application/erasure/erase-unverified-accounts.ts';
import { userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { accountIn } from '../../../src/domain/user/user-state.ts';
import { createErasureServices } from '../../support/erasure/erasure-services.ts';
import { at } from '../../support/events/token-family-fixtures.ts';

const DAY = 86_400;

/** `user_old` waits from the start, `user_new` from a day later; the clock shows day 30. */
const setUp = async () => {
  const world = await createErasureServices();
  const { clock, signUp, allAccounts, commands, eventsOfUser } = world;
  await signUp('user_old', 'old@example.com', { pending: true });
  clock.advance(DAY);
  await signUp('user_new', 'new@example.com', { pending: true });
  clock.advance(29 * DAY);
  const asked: string[] = [];
  const parts = {
    ...world,
    accounts: {
      registeredBefore: async (time: string) => {
        asked.push(time);
        const found: string[] = [];
        for (const [userId] of await allAccounts()) {
          const account = accountIn(await commands.load(userAggregate, userId));
          const [first] = await eventsOfUser(userId);
          if (account?.pending == null || first?.type !== 'UserRegistered') continue;
          if (first.data.registeredAt < time) found.push(userId);
        }
        return found;
      },
    },
  };
  return { ...parts, asked, eraseUnverified: createEraseUnverifiedAccounts(parts) };
};

describe('erasing accounts that were not verified within thirty days', () => {
  it('asks for those registered more than thirty days ago, and erases none at day 30', async () => {
    const { eraseUnverified, asked } = await setUp();
    expect(await eraseUnverified()).toBe(0);
    expect(asked).toStrictEqual([at(0)]);
  });

  it('erases them as the system, and counts them', async () => {
    const { eraseUnverified, clock, eventsOfUser, typesOf, eventStore } = await setUp();
    clock.advance(1);
    expect(await eraseUnverified()).toBe(1);
    expect((await eventsOfUser('user_old')).slice(1)).toStrictEqual([
      { type: 'UserErased', data: { erasedAt: at(30 * DAY + 1) } },
    ]);
    expect(await typesOf('user_new')).toStrictEqual([]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_old' });
    expect(events.at(-1)?.metadata.actor).toBe('system');
    expect(await eraseUnverified()).toBe(0);
  });

  it('leaves an account that was verified after it was found', async () => {
    const { eraseUnverified: _, ...parts } = await setUp();
    const eraseUnverified = createEraseUnverifiedAccounts({
      ...parts,
      accounts: { registeredBefore: async () => ['user_ann', 'user_old'] },
    });
    expect(await eraseUnverified()).toBe(1);
    expect(await parts.typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('leaves an account that a table of the application holds, and goes on', async () => {
    const { eraseUnverified, clock, referencedUsers, typesOf } = await setUp();
    clock.advance(DAY + 1);
    referencedUsers.add('user_old');
    expect(await eraseUnverified()).toBe(1);
    expect(await typesOf('user_old')).toStrictEqual([]);
    expect(await typesOf('user_new')).toStrictEqual(['UserErased']);
  });

  it('passes any other error on', async () => {
    const { eraseUnverified: _, clock, ...parts } = await setUp();
    clock.advance(DAY);
    const failure = new Error('the database is away');
    const eraseUnverified = createEraseUnverifiedAccounts({
      ...parts,
      clock,
      eraseUser: () => Promise.reject(failure),
    });
    await expect(eraseUnverified()).rejects.toBe(failure);
  });
});
