import { ERASED } from '../kernel/event-store.ts';

/** Recognises tombstones: an erased user's identifier identifies no one, so it is not unique. */
export const unlessErased = (identifier: string | null): string | null =>
  identifier === ERASED ? null : identifier;
