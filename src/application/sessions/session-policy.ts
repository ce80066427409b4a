import type { ReplayPolicy } from '../../domain/token-family/replay-policy.ts';
import type { LockoutPolicy } from '../../domain/user/user-commands.ts';

/** Lifetimes in seconds, and how strict the refresh protocol is; set by configuration. */
export type SessionPolicy = Readonly<{
  accessTokenSeconds: number;
  refreshIdleSeconds: number;
  refreshAbsoluteSeconds: number;
  replay: ReplayPolicy;
  /** Access tokens of one session that may be valid at once; undefined: no limit. */
  maxAccessTokens: number | undefined;
  /** The families that a theft ends: the one it happened in, or every family of the user. */
  theftScope: 'family' | 'user';
  lockout: LockoutPolicy;
}>;
