import { describe, expect, it } from 'vitest';
import { createChangeTier } from '../../../src/application/administration/change-tier.ts';
import {
  administeredAccounts,
  byChief,
} from '../../support/administration/administered-accounts.ts';
import { START } from '../../support/events/token-family-fixtures.ts';

const setUp = async () => {
  const services = await administeredAccounts();
  const changeTier = createChangeTier(services);
  return {
    ...services,
    changeTier: (userId: string) => changeTier({ userId, tier: 'member' }, byChief),
  };
};

describe('changing the tier of a user', () => {
  it('gives the account the tier', async () => {
    const { changeTier, accounts } = await setUp();
    await changeTier('user_ann');
    expect(await accounts.findById('user_ann')).toMatchObject({ tier: 'member' });
  });

  it('stores TierChanged once, and names the administrator who did it', async () => {
    const { changeTier, eventsOfUser, eventStore } = await setUp();
    await changeTier('user_ann');
    await changeTier('user_ann');
    expect((await eventsOfUser('user_ann')).slice(1)).toStrictEqual([
      { type: 'TierChanged', data: { tier: 'member', previous: 'free', changedAt: START } },
    ]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_chief');
  });

  it('is refused for a guest, who moves up by an upgrade', async () => {
    const { changeTier, signUp, typesOf } = await setUp();
    await signUp('user_gus', null, { passwordHash: null, tier: 'anonymous' });
    await expect(changeTier('user_gus')).rejects.toMatchObject({ code: 'account_incomplete' });
    expect(await typesOf('user_gus')).toStrictEqual([]);
  });

  it('is refused for an unknown user', async () => {
    const { changeTier } = await setUp();
    await expect(changeTier('user_gone')).rejects.toMatchObject({ code: 'user_not_found' });
  });
});
