import type { Instant } from '../../../domain/instant.ts';

/** Something that was done with a token of a stolen family, or that followed from it. */
export type AffectedEvent = Readonly<{
  eventId: string;
  /** `<category>-<id>` */
  stream: string;
  revision: string;
  type: string;
  at: Instant;
  /** The access token it was done with; null where it was a link in a mail that followed from it. */
  jti: string | null;
  /** The event of the radius it followed from. */
  follows: string | null;
  /** In a sentence, without anybody's words or addresses. */
  what: string;
  /** What taking it back would do; null where it cannot be taken back. */
  undo: string | null;
  /** Why it cannot be taken back, and what to do by hand; null where it can, or need not. */
  byHand: string | null;
}>;

export type BlastRadius = Readonly<{
  /** False for a theft from before events said which access token they came with. */
  known: boolean;
  events: readonly AffectedEvent[];
}>;
