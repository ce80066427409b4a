import { describe, expect, it } from 'vitest';
import { createDeactivateUser } from '../../../src/application/administration/deactivate-user.ts';
import { createReactivateUser } from '../../../src/application/administration/reactivate-user.ts';
import {
  administeredAccounts,
  byChief,
} from '../../support/administration/administered-accounts.ts';
import { at } from '../../support/events/token-family-fixtures.ts';

const setUp = async () => {
  const services = await administeredAccounts();
  const deactivateUser = createDeactivateUser(services);
  const reactivateUser = createReactivateUser(services);
  return {
    ...services,
    deactivate: (userId: string) => deactivateUser(userId, byChief),
    reactivate: (userId: string) => reactivateUser(userId, byChief),
  };
};

describe('reactivating a user', () => {
  it('makes the account active, and leaves its earlier sessions revoked', async () => {
    const { deactivate, reactivate, open, sessions, accounts } = await setUp();
    await open();
    await deactivate('user_ann');
    await reactivate('user_ann');
    expect(await accounts.findById('user_ann')).toMatchObject({ active: true });
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
  });

  it('stores UserReactivated, and names the administrator who did it', async () => {
    const { deactivate, reactivate, clock, eventsOfUser, eventStore } = await setUp();
    await deactivate('user_ann');
    clock.advance(60);
    await reactivate('user_ann');
    expect((await eventsOfUser('user_ann')).slice(2)).toStrictEqual([
      { type: 'UserReactivated', data: { reactivatedAt: at(60) } },
    ]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_chief');
  });

  it('stores nothing when the account is active', async () => {
    const { reactivate, typesOf } = await setUp();
    await reactivate('user_ann');
    expect(await typesOf('user_ann')).toStrictEqual([]);
  });

  it('is refused for an unknown user', async () => {
    const { reactivate } = await setUp();
    await expect(reactivate('user_gone')).rejects.toMatchObject({ code: 'user_not_found' });
  });
});
