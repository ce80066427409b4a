import { describe, expect, it } from 'vitest';
import { createFollowErasure } from '../../../src/application/households/follow-erasure.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const signedOut = new ApplicationError('access_token_invalid');

const setUp = async () => {
  const world = await createHouseholdServices();
  const followErasure = createFollowErasure(world);
  return {
    ...world,
    follow: <Result>(join: () => Promise<Result>) =>
      followErasure({ userId: DAN, householdId: FLAT }, join, contextFrom()),
    erase: () => world.give(DAN, { type: 'EraseUser', data: { granted: null, now: START } }),
  };
};

describe('joining a household while the user may be erased', () => {
  it('answers what joining answers, and leaves the membership, when there was no erasure', async () => {
    const { follow, add, laterEvents } = await setUp();
    const join = async () => {
      await add(DAN, 'viewer');
      return 'joined';
    };
    expect(await follow(join)).toBe('joined');
    expect((await laterEvents()).map(({ type }) => type)).toStrictEqual(['MemberAdded']);
  });

  it('ends the membership when the user was erased before the append', async () => {
    const { follow, add, erase, laterEvents } = await setUp();
    await erase();
    await expect(follow(() => add(DAN, 'viewer'))).rejects.toStrictEqual(signedOut);
    expect((await laterEvents()).slice(1)).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: DAN, reason: 'erased', removedAt: START } },
    ]);
  });

  it('signs the user out when the tables do not know the user any more', async () => {
    const { follow, laterEvents } = await setUp();
    const join = () => Promise.reject(new ApplicationError('user_not_found'));
    await expect(follow(join)).rejects.toStrictEqual(signedOut);
    expect(await laterEvents()).toStrictEqual([]);
  });

  it('passes any other refusal on', async () => {
    const { follow } = await setUp();
    const refusal = new ApplicationError('concurrent_update');
    await expect(follow(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});
