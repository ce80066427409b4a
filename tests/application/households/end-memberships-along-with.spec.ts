import { describe, expect, it } from 'vitest';
import { createEndMembershipsAlongWith } from '../../../src/application/households/end-memberships-along-with.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import { createStoreAlongWithSessions } from '../../../src/application/sessions/store-along-with-sessions.ts';
import { ANN, CAT } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  defaultHouseholdOf,
  FLAT,
} from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const removeCat = { type: 'RemoveMember', data: { by: ANN, userId: CAT, now: START } } as const;

const setUp = async () => {
  const world = await createHouseholdServices();
  const appends: number[] = [];
  const eventStore = {
    ...world.eventStore,
    append: (streams: Parameters<typeof world.eventStore.append>[0]) => {
      appends.push(streams.length);
      return world.eventStore.append(streams);
    },
  };
  const commands = createCommandHandler({ eventStore, ids: world.ids });
  const parts = {
    ...world,
    commands,
    storeAlongWithSessions: createStoreAlongWithSessions({ ...world, commands }),
  };
  return {
    ...parts,
    /** Streams of each append, in order. */
    appends,
    end: (changed: Partial<typeof parts> = {}, userId: string | undefined = CAT) =>
      createEndMembershipsAlongWith({ ...parts, ...changed })(
        { householdId: FLAT, command: removeCat, userId },
        contextFrom(),
      ),
  };
};

describe('ending a membership along with a change of the household', () => {
  it('stores the change and the switch of the sessions in one append', async () => {
    const { end, openIn, appends, revoked } = await setUp();
    await openIn(CAT);
    await openIn(CAT);
    const { events } = await end();
    expect(events).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: CAT, reason: 'removed', removedAt: START } },
    ]);
    expect(appends).toStrictEqual([3]);
    expect([...revoked]).toStrictEqual([
      ['family-1.0', at(600)],
      ['family-2.0', at(600)],
    ]);
  });

  it('leaves a session of the member that acts for another household', async () => {
    const { end, openIn, eventsOf, appends } = await setUp();
    await openIn(CAT, defaultHouseholdOf(CAT));
    await end();
    expect(await eventsOf('family-1')).toHaveLength(1);
    expect(appends).toStrictEqual([1]);
  });

  it('leaves the sessions of other members', async () => {
    const { end, openIn, eventsOf } = await setUp();
    await openIn(ANN);
    await end();
    expect(await eventsOf('family-1')).toHaveLength(1);
  });

  it('ends a session whose user has no other household', async () => {
    const { end, openIn, eventsOf, households } = await setUp();
    await openIn(CAT);
    await end({ households: { ...households, defaultOf: async () => null } });
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: CAT,
          reason: 'membership_lost',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: START,
        },
      },
    ]);
  });

  it('releases the rows of the member first, and goes on when that fails', async () => {
    const { end, released, last } = await setUp();
    await end();
    expect(released).toStrictEqual([[FLAT, CAT]]);
    expect(await last()).toMatchObject({ type: 'MemberRemoved' });
    const other = await setUp();
    await other.end({ releaseMembers: () => Promise.reject(new Error('the database is away')) });
    expect(await other.last()).toMatchObject({ type: 'MemberRemoved' });
  });

  it('moves a session that was opened between the search and the append', async () => {
    const { end, openIn, sessions, eventsOf } = await setUp();
    let searches = 0;
    await end({
      sessions: {
        ...sessions,
        listActiveIn: async (...asked) => {
          const found = await sessions.listActiveIn(...asked);
          searches += 1;
          if (searches === 1) await openIn(CAT);
          return found;
        },
      },
    });
    expect((await eventsOf('family-1')).map(({ type }) => type)).toStrictEqual([
      'TokenFamilyStarted',
      'ActiveHouseholdSwitched',
    ]);
  });
});

describe('ending a membership along with a change that is not stored', () => {
  it('changes no session and releases no rows when the change is refused', async () => {
    const { end, decide, openIn, eventsOf, released, appends } = await setUp();
    await openIn(CAT);
    await decide(removeCat);
    await expect(end()).rejects.toMatchObject({ name: 'DomainError', code: 'member_not_found' });
    expect([released, appends]).toStrictEqual([[], []]);
    expect(await eventsOf('family-1')).toHaveLength(1);
  });

  it('changes no session and releases no rows when the household stays as it is', async () => {
    const { openIn, eventsOf, released, appends, ...parts } = await setUp();
    await openIn(CAT);
    const data = { by: ANN, name: 'The Flat', now: START };
    const { events } = await createEndMembershipsAlongWith(parts)(
      { householdId: FLAT, command: { type: 'RenameHousehold', data }, userId: CAT },
      contextFrom(),
    );
    expect([events, released, appends]).toStrictEqual([[], [], []]);
    expect(await eventsOf('family-1')).toHaveLength(1);
  });

  it('gives up when every append loses its race, and has refused no access token', async () => {
    const world = await setUp();
    await world.openIn(CAT);
    const commands = createCommandHandler({
      eventStore: {
        ...world.eventStore,
        append: async ([first]) => {
          throw new RevisionConflict(first?.stream ?? { category: 'household', id: FLAT });
        },
      },
      ids: world.ids,
    });
    const storeAlongWithSessions = createStoreAlongWithSessions({ ...world, commands });
    await expect(world.end({ commands, storeAlongWithSessions })).rejects.toMatchObject({
      code: 'concurrent_update',
    });
    expect(world.revoked.size).toBe(0);
  });
});
