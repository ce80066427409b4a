import type { ReplayPolicy } from '../../domain/token-family/replay-policy.ts';
import type { LockoutPolicy } from '../../domain/user/user-commands.ts';

/** Lifetimes in seconds, and how strict the refresh protocol is; set by configuration. */
export type SessionPolicy = Readonly<{
  accessTokenSeconds: number;
  refreshIdleSeconds: number;
  refreshAbsoluteSeconds: number;
  replay: ReplayPolicy;
  /** Of one session, alive at once; undefined: as many as are asked for. */
  maxAccessTokens: number | undefined;
  /** What a theft ends: the family it happened in, or every family of the user. */
  theftScope: 'family' | 'user';
  lockout: LockoutPolicy;
}>;
