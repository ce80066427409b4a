import { describe, expect, it } from 'vitest';
import { createLeaveHouseholds } from '../../../src/application/erasure/leave-households.ts';
import { createErasureServices } from '../../support/erasure/erasure-services.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { defaultHouseholdOf, FLAT } from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

describe('leaving the present households of an erased user', () => {
  it('ends the membership, and deletes the household that the user had alone', async () => {
    const { leaveHouseholds, laterEvents, eventsOfHousehold } = await createErasureServices();
    await leaveHouseholds.current(CAT, contextFrom());
    expect(await laterEvents()).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: CAT, reason: 'erased', removedAt: START } },
    ]);
    expect((await eventsOfHousehold(defaultHouseholdOf(CAT))).slice(1)).toStrictEqual([
      { type: 'HouseholdDeleted', data: { deletedBy: CAT, deletedAt: START } },
    ]);
  });

  it('gives the household of an owner to the member of the highest rank', async () => {
    const { leaveHouseholds, laterEvents } = await createErasureServices();
    await leaveHouseholds.current(ANN, contextFrom());
    expect(await laterEvents()).toStrictEqual([
      { type: 'OwnershipTransferred', data: { from: ANN, to: BEN, transferredAt: START } },
      { type: 'MemberRemoved', data: { userId: ANN, reason: 'erased', removedAt: START } },
    ]);
  });

  it('revokes what the user has invited, and forgets the addresses', async () => {
    const { leaveHouseholds, invite, laterEvents, knownAddresses } = await createErasureServices();
    await invite(BEN);
    await leaveHouseholds.current(BEN, contextFrom());
    expect((await laterEvents()).slice(1)).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: BEN, reason: 'erased', removedAt: START } },
      {
        type: 'InvitationRevoked',
        data: { invitationId: 'inv_0', reason: 'inviter_lost_rank', revokedAt: START },
      },
    ]);
    expect([...knownAddresses]).toStrictEqual([]);
  });

  it('forgets the addresses of all invitations of a household that is deleted', async () => {
    const { leaveHouseholds, invite, decide, last, knownAddresses } = await createErasureServices();
    for (const userId of [BEN, CAT]) {
      await decide({ type: 'RemoveMember', data: { by: ANN, userId, now: START } });
    }
    await invite(ANN, 'eve@example.com');
    await leaveHouseholds.current(ANN, contextFrom());
    expect(await last()).toStrictEqual({
      type: 'HouseholdDeleted',
      data: { deletedBy: ANN, deletedAt: START },
    });
    expect([...knownAddresses]).toStrictEqual([]);
  });

  it('releases the rows of the user first, and goes on when that fails', async () => {
    const world = await createErasureServices();
    await world.leaveHouseholds.current(CAT, contextFrom());
    expect(world.released).toStrictEqual([
      [defaultHouseholdOf(CAT), CAT],
      [FLAT, CAT],
    ]);
    const failing = createLeaveHouseholds({
      ...world,
      releaseMembers: () => Promise.reject(new Error('the database is away')),
    });
    await failing.current(BEN, contextFrom());
    expect(await world.last()).toMatchObject({ type: 'MemberRemoved', data: { userId: BEN } });
  });

  it('goes on when a household is deleted between the look-up and the append', async () => {
    const world = await createErasureServices();
    const leaveHouseholds = createLeaveHouseholds({
      ...world,
      releaseMembers: async (householdId) => {
        if (householdId !== FLAT) return;
        await world.decide({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
      },
    });
    await leaveHouseholds.current(CAT, contextFrom());
    expect((await world.laterEvents()).map(({ type }) => type)).toStrictEqual(['HouseholdDeleted']);
  });
});

describe('leaving every household that an erased user ever joined', () => {
  it('ends a membership that the tables do not know any more', async () => {
    const world = await createErasureServices();
    const { everJoined } = createLeaveHouseholds({
      ...world,
      households: { listOf: async () => [] },
    });
    await everJoined(CAT, contextFrom());
    expect(await world.laterEvents()).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: CAT, reason: 'erased', removedAt: START } },
    ]);
  });

  it('stores nothing where the membership has ended, and nothing for a stranger', async () => {
    const { leaveHouseholds, laterEvents, log } = await createErasureServices();
    await leaveHouseholds.everJoined(CAT, contextFrom());
    await leaveHouseholds.everJoined(CAT, contextFrom());
    await leaveHouseholds.everJoined(DAN, contextFrom());
    expect(await laterEvents()).toHaveLength(1);
    expect(await log.householdsOf(CAT)).toStrictEqual([defaultHouseholdOf(CAT), FLAT]);
  });
});
