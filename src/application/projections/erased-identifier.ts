import { ERASED } from '../kernel/event-store.ts';

/** Identifiers are unique, tombstones are not: an erased person's no longer identifies anybody. */
export const unlessErased = (identifier: string | null): string | null =>
  identifier === ERASED ? null : identifier;
