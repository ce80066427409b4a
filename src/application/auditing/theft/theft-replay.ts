import type { Instant } from '../../../domain/instant.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import type {
  RevocationReason,
  TheftCause,
} from '../../../domain/token-family/token-family-events.ts';
import type { BlastRadius } from '../affected-events/blast-radius.ts';
import type { AccessTokenLife } from './theft-access-tokens.ts';
import type { HeldGeneration, Holder } from './theft-holders.ts';
import type { TimelineEntry } from './theft-timeline-entries.ts';
import type { Reproduction } from './theft-verdict.ts';
import type { WhatIf } from './theft-what-if.ts';

/** The rotation that superseded the presented token: from here on two parties held tokens. */
export type Split = Readonly<{
  revision: string;
  at: Instant;
  /** Issued by it, and to whom; the one before it was presented again later. */
  generation: number;
  holder: Holder;
}>;

export type Theft = Readonly<{
  revision: string;
  at: Instant;
  cause: TheftCause;
  presentedGeneration: number;
  currentGeneration: number;
  /** Seconds since the live token was issued. */
  ageSeconds: number;
  /** Seconds since the presented token was issued, and since it was superseded. */
  presentedAgeSeconds: number;
  supersededSeconds: number;
  presenter: Holder;
  holder: Holder;
  /** In force at the time; null where it was not noted down. */
  policy: ReplayPolicy | null;
}>;

/** What happened to a token family, from its first event to its last, and whether it had to. */
export type TheftReplay = Readonly<{
  familyId: string;
  userId: string;
  startedAt: Instant;
  /** Null while nobody presented a superseded token. */
  theft: Theft | null;
  /** Null while the family lives. */
  revocation: Readonly<{ at: Instant; reason: RevocationReason }> | null;
  reproduction: Reproduction;
  /** Whether every event is chained to the one before it, as it was written. */
  chain: Readonly<{ intact: boolean; firstBroken: string | null }>;
  generations: readonly HeldGeneration[];
  /** Null where there was no theft. */
  split: Split | null;
  accessTokens: readonly AccessTokenLife[];
  /** What was done with access tokens minted after the split; null where there was no theft. */
  blastRadius: BlastRadius | null;
  /** Null unless somebody asked. */
  whatIf: WhatIf | null;
  timeline: readonly TimelineEntry[];
}>;

/** What a family's own stream tells. */
export type FamilyStory = Omit<TheftReplay, 'blastRadius' | 'whatIf'>;
