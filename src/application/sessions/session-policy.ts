import type { ReplayPolicy } from '../../domain/token-family/replay-policy.ts';
import type { LockoutPolicy } from '../../domain/user/user-commands.ts';

/** Lifetimes in seconds and the strictness of the refresh protocol; set by configuration. */
export type SessionPolicy = Readonly<{
  accessTokenSeconds: number;
  refreshIdleSeconds: number;
  refreshAbsoluteSeconds: number;
  replay: ReplayPolicy;
  /** Limit on the unexpired access tokens of one session; undefined: no limit. */
  maxAccessTokens: number | undefined;
  /** The families that a theft ends: its own, or every family of the user. */
  theftScope: 'family' | 'user';
  lockout: LockoutPolicy;
}>;
