import { ERASED } from '../kernel/event-store.ts';

/** Returns null for a tombstone: identifiers are unique in their table, tombstones are not. */
export const unlessErased = (identifier: string | null): string | null =>
  identifier === ERASED ? null : identifier;
