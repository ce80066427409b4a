import type { StreamId } from '../../application/kernel/event-store.ts';

type Placed = Readonly<{ stream: StreamId; events: readonly Readonly<{ type: string }>[] }>;

const DESTROYING = new Set(['UserErased', 'HouseholdDeleted']);

/**
 * Lists the subjects whose data key must be deleted in the transaction that stores `appends`. Their
 * personal fields can never be decrypted again.
 */
export const destroyedSubjects = (appends: readonly Placed[]): readonly string[] =>
  appends.flatMap(({ stream, events }) =>
    events.some(({ type }) => DESTROYING.has(type)) ? [stream.id] : [],
  );
