import type { StreamId } from '../../application/kernel/event-store.ts';

type Placed = Readonly<{ stream: StreamId; events: readonly Readonly<{ type: string }>[] }>;

const DESTROYING = new Set(['UserErased', 'HouseholdDeleted']);

/** Whose data key goes with the events, in the same transaction: what they said can never be read again. */
export const destroyedSubjects = (appends: readonly Placed[]): readonly string[] =>
  appends.flatMap(({ stream, events }) =>
    events.some(({ type }) => DESTROYING.has(type)) ? [stream.id] : [],
  );
