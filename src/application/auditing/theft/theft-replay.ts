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

/** The rotation that superseded the presented token: since then two clients held tokens. */
export type Split = Readonly<{
  revision: string;
  at: Instant;
  /** The generation that it issued, and its holder; the one before was presented again later. */
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
  /** In force at the time; null if it was not recorded. */
  policy: ReplayPolicy | null;
}>;

/** The history of a token family, and whether its decisions can be reproduced. */
export type TheftReplay = Readonly<{
  familyId: string;
  userId: string;
  startedAt: Instant;
  /** Null if no superseded token was presented. */
  theft: Theft | null;
  /** Null while the family is not revoked. */
  revocation: Readonly<{ at: Instant; reason: RevocationReason }> | null;
  reproduction: Reproduction;
  /** Whether every event is chained to the one before it. */
  chain: Readonly<{ intact: boolean; firstBroken: string | null }>;
  generations: readonly HeldGeneration[];
  /** Null without a theft. */
  split: Split | null;
  accessTokens: readonly AccessTokenLife[];
  /** The events caused with access tokens minted after the split; null without a theft. */
  blastRadius: BlastRadius | null;
  /** Null unless it was requested. */
  whatIf: WhatIf | null;
  timeline: readonly TimelineEntry[];
}>;

/** The part of a replay that the family's own stream shows. */
export type FamilyStory = Omit<TheftReplay, 'blastRadius' | 'whatIf'>;
