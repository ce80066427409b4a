import type { HouseholdEvent } from '../../../domain/household/household-events.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import type { UserEvent } from '../../../domain/user/user-events.ts';
import type { EventStore, RecordedEvent } from '../../kernel/event-store.ts';
import { eventsUntil, type Moment } from './as-of-moment.ts';

/** The events in the streams of each category, as the registry guarantees. */
type EventsOf = Readonly<{
  user: UserEvent;
  household: HouseholdEvent;
  tokenFamily: TokenFamilyEvent;
}>;

export type UserPast = readonly RecordedEvent<UserEvent>[];
export type HouseholdPast = readonly RecordedEvent<HouseholdEvent>[];
export type FamilyPast = readonly RecordedEvent<TokenFamilyEvent>[];

type Dependencies = Readonly<{ eventStore: Pick<EventStore, 'readStream'> }>;

export type ReadPast = ReturnType<typeof createReadPast>;

/** Reads the events of a stream up to some moment. */
export const createReadPast =
  ({ eventStore }: Dependencies) =>
  async <Category extends keyof EventsOf>(
    category: Category,
    id: string,
    moment: Moment,
  ): Promise<readonly RecordedEvent<EventsOf[Category]>[]> => {
    const { events } = await eventStore.readStream({ category, id });
    return eventsUntil(events as readonly RecordedEvent<EventsOf[Category]>[], moment);
  };

/** How many streams are read at the same time. */
const AT_ONCE = 8;

/** Runs `work` on every id, a few at a time; results come in the order of the ids. */
export const mapStreams = async <Result>(
  ids: readonly string[],
  work: (id: string) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    results.push(...(await Promise.all(ids.slice(start, start + AT_ONCE).map(work))));
  }
  return results;
};
