import type { Instant } from '../../../domain/instant.ts';

/** An event caused with a token of a stolen family, or that followed from such an event. */
export type AffectedEvent = Readonly<{
  eventId: string;
  /** `<category>-<id>` */
  stream: string;
  revision: string;
  type: string;
  at: Instant;
  /** The access token used; null if a link in a mail was used that an affected event had caused. */
  jti: string | null;
  /** The affected event that it followed from. */
  follows: string | null;
  /** In a sentence, without texts or addresses of users. */
  what: string;
  /** What undoing it would do; null if it cannot be undone. */
  undo: string | null;
  /** Why it cannot be undone, and what to do by hand; null if it can, or if nothing is to undo. */
  byHand: string | null;
}>;

/** The events that a theft affected. */
export type BlastRadius = Readonly<{
  /** False for a theft before events recorded their access token. */
  known: boolean;
  events: readonly AffectedEvent[];
}>;
