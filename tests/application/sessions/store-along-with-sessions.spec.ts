import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { type EventStore, RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import {
  createStoreAlongWithSessions,
  type SessionChange,
} from '../../../src/application/sessions/store-along-with-sessions.ts';
import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { contextFrom, createSessionServices } from '../../support/sessions/session-services.ts';

const create: HouseholdCommand = {
  type: 'CreateHousehold',
  data: { name: 'Home', ownerId: 'user_ann', home: false, now: START },
};
const rename = (name: string): HouseholdCommand => ({
  type: 'RenameHousehold',
  data: { by: 'user_ann', name, now: START },
});
const fallBackTo = (familyId: string, fallback: string | null): SessionChange => ({
  familyId,
  command: { type: 'LoseMembership', data: { householdId: 'hh_home', fallback, now: START } },
});

type Before = (attempt: number, streams: readonly unknown[]) => Promise<void>;

/** A household and sessions `family-1` and so on that act for it; `before`: ahead of each append. */
const setUp = async (sessions: number, before: Before = async () => {}) => {
  const services = createSessionServices();
  const { eventStore, ids, commands: given } = services;
  await given.execute(householdAggregate, 'hh_home', create, contextFrom());
  for (let n = 0; n < sessions; n += 1) await services.open();
  const appends: (readonly string[])[] = [];
  const watched: EventStore = {
    ...eventStore,
    append: async (streams) => {
      appends.push(streams.map(({ stream }) => stream.id));
      await before(appends.length, streams);
      await eventStore.append(streams);
    },
  };
  const commands = createCommandHandler({ eventStore: watched, ids });
  const storeAlongWithSessions = createStoreAlongWithSessions({ ...services, commands });
  const looks: number[] = [];
  const store = (command: HouseholdCommand, changes: (look: number) => readonly SessionChange[]) =>
    storeAlongWithSessions(
      {
        prepare: () => commands.prepare(householdAggregate, 'hh_home', command, contextFrom()),
        findChanges: async ({ events }) => {
          looks.push(events.length);
          return changes(looks.length);
        },
      },
      contextFrom(),
    );
  return {
    ...services,
    store,
    appends,
    /** How many events were decided by each look at the sessions. */
    looks,
    typesOf: async (familyId: string) =>
      (await services.eventsOf(familyId)).slice(1).map(({ type }) => type),
  };
};

describe('storing a decision along with changes of sessions', () => {
  it('stores the decision and each session in one append, and answers the decision', async () => {
    const { store, appends, typesOf, looks } = await setUp(2);
    const { events } = await store(rename('Flat'), () => [
      fallBackTo('family-1', 'hh_flat'),
      fallBackTo('family-2', null),
    ]);
    expect(events).toStrictEqual([
      { type: 'HouseholdRenamed', data: { name: 'Flat', renamedBy: 'user_ann', renamedAt: START } },
    ]);
    expect(appends).toStrictEqual([['hh_home', 'family-1', 'family-2']]);
    expect(await typesOf('family-1')).toStrictEqual(['ActiveHouseholdSwitched']);
    expect(await typesOf('family-2')).toStrictEqual(['TokenFamilyRevoked']);
    // Once before and once after, when nothing was left to do.
    expect(looks).toStrictEqual([1, 1]);
  });

  it('refuses the revoked access tokens at once', async () => {
    const { store, revoked } = await setUp(2);
    await store(rename('Flat'), () => [
      fallBackTo('family-1', 'hh_flat'),
      fallBackTo('family-2', null),
    ]);
    expect([...revoked]).toStrictEqual([
      ['family-1.0', at(600)],
      ['family-2.0', at(600)],
    ]);
  });

  it('leaves out sessions that need no change any more', async () => {
    const { store, appends, endSessions } = await setUp(2);
    await endSessions({ userId: 'user_ann', reason: 'sign_out' }, contextFrom());
    await store(rename('Flat'), () => [fallBackTo('family-1', 'hh_flat')]);
    expect(appends).toStrictEqual([['hh_home']]);
  });

  it('stores 64 of many sessions in the same append, and the others before it', async () => {
    const { store, appends, revoked } = await setUp(66);
    const all = Array.from({ length: 66 }, (_, n) => fallBackTo(`family-${n + 1}`, 'hh_flat'));
    await store(rename('Flat'), () => all);
    expect(appends.map((streams) => streams.length)).toStrictEqual([1, 1, 65]);
    expect(appends.slice(0, 2).flat()).toStrictEqual(['family-65', 'family-66']);
    expect(revoked.size).toBe(66);
  });
});

describe('storing a decision without events along with no sessions', () => {
  it('stores nothing', async () => {
    const { store, appends } = await setUp(1);
    const { events } = await store(rename('Home'), () => []);
    expect([events, appends]).toStrictEqual([[], []]);
  });
});

describe('storing a decision along with a session that is found after the append', () => {
  it('changes the session by itself, and refuses its access token', async () => {
    const { store, appends, revoked } = await setUp(2);
    await store(rename('Flat'), (look) =>
      look === 1
        ? [fallBackTo('family-1', 'hh_flat')]
        : [fallBackTo('family-1', 'hh_flat'), fallBackTo('family-2', 'hh_flat')],
    );
    expect(appends).toStrictEqual([['hh_home', 'family-1'], ['family-2']]);
    expect([...revoked.keys()]).toStrictEqual(['family-1.0', 'family-2.0']);
  });
});

describe('storing a decision along with sessions while one of the streams moves on', () => {
  const conflict = new RevisionConflict({ category: 'household', id: 'hh_home' });

  it('decides again, and searches the sessions again', async () => {
    const { store, appends, looks } = await setUp(2, async (attempt) => {
      if (attempt === 1) throw conflict;
    });
    await store(rename('Flat'), (look) => [fallBackTo(`family-${Math.min(look, 2)}`, 'hh_flat')]);
    expect(appends).toStrictEqual([
      ['hh_home', 'family-1'],
      ['hh_home', 'family-2'],
    ]);
    expect(looks).toStrictEqual([1, 1, 1]);
  });

  it('changes the sessions first, each by itself, after three lost races', async () => {
    const { store, appends, revoked } = await setUp(2, async (_, streams) => {
      if (streams.length > 1) throw conflict;
    });
    const both = [fallBackTo('family-1', 'hh_flat'), fallBackTo('family-2', 'hh_flat')];
    await store(rename('Flat'), () => both);
    const together = ['hh_home', 'family-1', 'family-2'];
    expect(appends).toStrictEqual([
      ...Array<string[]>(3).fill(together),
      ['family-1'],
      ['family-2'],
      ['hh_home'],
    ]);
    expect([...revoked.keys()]).toStrictEqual(['family-1.0', 'family-2.0']);
  });

  it('changes eight sessions at a time', async () => {
    let underWay = 0;
    let most = 0;
    const { store, revoked } = await setUp(20, async (_, streams) => {
      if (streams.length > 1) throw conflict;
      underWay += 1;
      most = Math.max(most, underWay);
      await setImmediate();
      underWay -= 1;
    });
    const all = Array.from({ length: 20 }, (_, n) => fallBackTo(`family-${n + 1}`, 'hh_flat'));
    await store(rename('Flat'), () => all);
    expect([most, revoked.size]).toStrictEqual([8, 20]);
  });

  it('gives up after a hundred attempts', async () => {
    const { store, appends } = await setUp(0, async () => {
      throw conflict;
    });
    await expect(store(rename('Flat'), () => [])).rejects.toMatchObject({
      name: 'ApplicationError',
      code: 'concurrent_update',
    });
    expect(appends).toHaveLength(100);
  });

  it('passes on an error that is not a conflict', async () => {
    const { store, appends } = await setUp(1, async () => {
      throw new Error('the database is away');
    });
    await expect(store(rename('Flat'), () => [])).rejects.toThrow('the database is away');
    expect(appends).toHaveLength(1);
  });
});

describe('storing a decision that is refused', () => {
  it('searches no session', async () => {
    const { store, appends, looks } = await setUp(1);
    const stranger: HouseholdCommand = {
      type: 'RenameHousehold',
      data: { by: 'user_ben', name: 'Flat', now: START },
    };
    await expect(store(stranger, () => [fallBackTo('family-1', 'hh_flat')])).rejects.toMatchObject({
      code: 'household_not_found',
    });
    expect([appends, looks]).toStrictEqual([[], []]);
  });
});
