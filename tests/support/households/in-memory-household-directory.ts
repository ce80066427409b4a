import type {
  HouseholdDirectory,
  HouseholdSummary,
  MemberSummary,
} from '../../../src/application/households/household-directory.ts';
import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import type { CommandHandler } from '../../../src/application/kernel/command-handler.ts';
import type { EventStore } from '../../../src/application/kernel/event-store.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import { findMember } from '../../../src/domain/household/household-rank.ts';
import type { ExistingHousehold } from '../../../src/domain/household/household-state.ts';

type Dependencies = Readonly<{ commands: CommandHandler; eventStore: EventStore }>;

/** The time at which each user last joined, by the events of a household. */
const joinings = (events: readonly HouseholdEvent[]): ReadonlyMap<string, string> =>
  new Map(
    events.flatMap(({ type, data }): [string, string][] => {
      if (type === 'HouseholdCreated') return [[data.ownerId, data.createdAt]];
      return type === 'MemberAdded' ? [[data.userId, data.addedAt]] : [];
    }),
  );

/** A directory that reads the event store at every call. */
export const createInMemoryHouseholdDirectory = ({
  commands,
  eventStore,
}: Dependencies): HouseholdDirectory => {
  const eventsOf = async (id: string): Promise<readonly HouseholdEvent[]> => {
    const { events } = await eventStore.readStream({ category: 'household', id });
    return events.map(({ event }) => event as HouseholdEvent);
  };

  const existing = async (): Promise<readonly (readonly [string, ExistingHousehold])[]> => {
    const ids = new Set<string>();
    for await (const { stream } of eventStore.readAll()) {
      if (stream.category === 'household') ids.add(stream.id);
    }
    const found: [string, ExistingHousehold][] = [];
    for (const id of ids) {
      const household = await commands.load(householdAggregate, id);
      if (household.status === 'existing') found.push([id, household]);
    }
    return found;
  };

  const membershipsOf = async (userId: string) => {
    const found: (HouseholdSummary & { home: boolean; joinedAt: string })[] = [];
    for (const [id, household] of await existing()) {
      const member = findMember(household, userId);
      if (member === undefined) continue;
      const { role, home } = member;
      const events = await eventsOf(id);
      const [created] = events;
      const createdAt = created?.type === 'HouseholdCreated' ? created.data.createdAt : '';
      const joinedAt = joinings(events).get(userId) ?? '';
      const memberCount = household.members.length;
      found.push({ id, name: household.name, role, memberCount, createdAt, home, joinedAt });
    }
    return found.toSorted((a, b) => a.joinedAt.localeCompare(b.joinedAt));
  };

  const listOf: HouseholdDirectory['listOf'] = async (userId) =>
    (await membershipsOf(userId)).map(({ home: _home, joinedAt: _joinedAt, ...rest }) => rest);

  return {
    listOf,
    find: async (householdId, userId) =>
      (await listOf(userId)).find(({ id }) => id === householdId),
    listMembers: async (householdId, { after, limit }) => {
      const household = (await existing()).find(([id]) => id === householdId)?.[1];
      const joined = joinings(await eventsOf(householdId));
      const members = (household?.members ?? []).map(
        ({ userId, role }): MemberSummary => ({
          userId,
          displayName: null,
          username: null,
          role,
          joinedAt: joined.get(userId) ?? '',
        }),
      );
      const start = members.findIndex(({ userId }) => userId === after?.userId) + 1;
      return members.slice(start, start + limit);
    },
    defaultOf: async (userId, except) => {
      const others = (await membershipsOf(userId)).filter(({ id }) => id !== except);
      return (others.find(({ home }) => home) ?? others[0])?.id ?? null;
    },
  };
};
