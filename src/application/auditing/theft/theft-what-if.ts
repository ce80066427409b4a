import type { Instant } from '../../../domain/instant.ts';
import {
  type RefreshVerdict,
  refreshVerdict,
} from '../../../domain/token-family/refresh-verdict.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import type {
  TheftCause,
  TokenFamilyEvent,
} from '../../../domain/token-family/token-family-events.ts';
import type { FamilyEvent } from './theft-decisions.ts';
import { type PastDecision, retrace } from './theft-verdict.ts';

/** The outcome of a refresh; `cause` is null except for a theft. */
export type RefreshOutcome = Readonly<{
  kind: Exclude<RefreshVerdict['kind'], 'invalid'>;
  cause: TheftCause | null;
}>;

/** The result of deciding the same requests under another policy. */
export type WhatIf = Readonly<{
  /** The changed settings. */
  policy: Partial<ReplayPolicy>;
  /**
   * The first request with another outcome; what follows it cannot be known. Null if there is none.
   */
  divergence: Readonly<{
    revision: string;
    at: Instant;
    presentedGeneration: number;
    was: RefreshOutcome;
    wouldBe: RefreshOutcome;
  }> | null;
}>;

const recordedOutcome = (events: readonly TokenFamilyEvent[]): RefreshOutcome | undefined => {
  for (const { type, data } of events) {
    if (type === 'RefreshTokenRotated') return { kind: 'rotate', cause: null };
    if (type === 'RefreshTokenReplayed') return { kind: 'replay', cause: null };
    if (type === 'TokenTheftDetected') return { kind: 'theft', cause: data.cause };
  }
  return undefined;
};

const outcomeOf = (verdict: RefreshVerdict): RefreshOutcome | undefined => {
  switch (verdict.kind) {
    case 'rotate':
    case 'replay':
    case 'too_many_replays':
      return { kind: verdict.kind, cause: null };
    case 'theft':
      return verdict;
    case 'invalid':
      return undefined;
  }
};

const divergenceOf = (
  { decision, command, before }: PastDecision,
  changed: Partial<ReplayPolicy>,
): WhatIf['divergence'] => {
  const was = recordedOutcome(decision.map(({ event }) => event));
  if (was === undefined || command.type !== 'RotateRefreshToken' || before.status !== 'live') {
    return null;
  }
  const policy = { ...command.data.policy, ...changed };
  const wouldBe = outcomeOf(refreshVerdict({ ...command.data, policy }, before));
  if (wouldBe === undefined || (wouldBe.kind === was.kind && wouldBe.cause === was.cause)) {
    return null;
  }
  return {
    revision: String(decision[0].revision),
    at: command.data.now,
    presentedGeneration: command.data.presented.generation,
    was,
    wouldBe,
  };
};

/**
 * Decides the refreshes again under a changed policy. `assumed`: the policy where none is recorded.
 */
export const askWhatIf = (
  events: readonly FamilyEvent[],
  policy: Partial<ReplayPolicy>,
  assumed: ReplayPolicy,
): WhatIf => {
  const divergences = retrace(events, assumed).map((past) => divergenceOf(past, policy));
  return { policy, divergence: divergences.find((divergence) => divergence !== null) ?? null };
};
