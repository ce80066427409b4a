import { type Instant, plusSeconds } from '../instant.ts';
import type { ReplayPolicy } from './replay-policy.ts';
import type { RotateRefreshToken } from './token-family-commands.ts';
import type { TheftCause } from './token-family-events.ts';
import type { LiveTokenFamily } from './token-family-state.ts';

/** The verdict on a genuine refresh token presented to a live family. */
export type RefreshVerdict =
  | Readonly<{ kind: 'rotate' }>
  | Readonly<{ kind: 'replay' }>
  | Readonly<{ kind: 'too_many_replays' }>
  | Readonly<{ kind: 'theft'; cause: TheftCause }>
  | Readonly<{ kind: 'invalid' }>;

type Presentation = Pick<RotateRefreshToken['data'], 'presented' | 'holder' | 'policy' | 'now'>;

/**
 * Decides by the table of the refresh protocol, row by row. A family has one live token. Its
 * previous token is accepted only in time and from the same client; any other proves a second
 * holder.
 */
export const refreshVerdict = (
  { presented, holder, policy, now }: Presentation,
  family: LiveTokenFamily,
): RefreshVerdict => {
  if (presented.salt !== family.salt || presented.generation > family.generation) {
    return { kind: 'invalid' };
  }
  if (now >= family.expiresAt) return { kind: 'invalid' };
  if (presented.generation === family.generation) return { kind: 'rotate' };
  if (presented.generation < family.generation - 1) {
    return { kind: 'theft', cause: 'older_generation' };
  }
  if (holder.agentHash !== family.holder.agentHash) return { kind: 'theft', cause: 'other_client' };
  if (!mayReplay(policy, family.issuedAt, now)) return { kind: 'theft', cause: 'after_grace' };
  return { kind: family.replays < policy.maxReplays ? 'replay' : 'too_many_replays' };
};

const mayReplay = (
  { graceSeconds, lostResponse }: ReplayPolicy,
  issuedAt: Instant,
  now: Instant,
): boolean => lostResponse === 'recover' || now < plusSeconds(issuedAt, graceSeconds);
