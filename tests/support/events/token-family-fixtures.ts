import type { Instant } from '../../../src/domain/instant.ts';
import type { ReplayPolicy } from '../../../src/domain/token-family/replay-policy.ts';
import type {
  RevokeAccessToken,
  RevokeTokenFamily,
  RotateRefreshToken,
  StartTokenFamily,
} from '../../../src/domain/token-family/token-family-commands.ts';
import type {
  AccessTokenRevoked,
  AccessTokenSpan,
  ActiveHouseholdSwitched,
  RefreshTokenReplayed,
  RefreshTokenRotated,
  RevocationReason,
  TheftCause,
  TokenFamilyRevoked,
  TokenFamilyStarted,
  TokenHolder,
  TokenTheftDetected,
} from '../../../src/domain/token-family/token-family-events.ts';

export const START: Instant = '2026-03-01T12:00:00.000Z';
export const ACCESS_SECONDS = 600;
export const IDLE_SECONDS = 30 * 86_400;
export const ABSOLUTE_SECONDS = 90 * 86_400;
export const ABSOLUTE_END = '2026-05-30T12:00:00.000Z';

/** The instant that many seconds after the start of the family, to the millisecond. */
export const at = (seconds: number): Instant =>
  new Date(Date.parse(START) + Math.round(seconds * 1000)).toISOString();

export const salt = '000102030405060708090a0b0c0d0e0f';
export const laptop: TokenHolder = {
  ip: '192.0.2.1',
  userAgent: 'Laptop/1.0',
  agentHash: 'a1'.repeat(32),
};
/** The same user agent at another address: a laptop that moved, or a thief with the same agent. */
export const laptopElsewhere: TokenHolder = { ...laptop, ip: '198.51.100.7' };
export const stranger: TokenHolder = {
  ip: '203.0.113.9',
  userAgent: 'curl/8.0',
  agentHash: 'b2'.repeat(32),
};

export const strict: ReplayPolicy = { graceSeconds: 30, lostResponse: 'revoke', maxReplays: 10 };
export const lenient: ReplayPolicy = { ...strict, lostResponse: 'recover' };

export const tokenOf = (generation: number) => ({
  tokenHash: generation.toString(16).padStart(64, '0'),
  keyId: 7,
});

const accessToken = (ordinal: number, seconds: number) => ({
  ordinal,
  expiresAt: at(seconds + ACCESS_SECONDS),
});

const idleEnd = (seconds: number): Instant => {
  const end = at(seconds + IDLE_SECONDS);
  return end < ABSOLUTE_END ? end : ABSOLUTE_END;
};

export const start = (data: Partial<StartTokenFamily['data']> = {}): StartTokenFamily => ({
  type: 'StartTokenFamily',
  data: {
    userId: 'user_ann',
    householdId: 'hh_home',
    deviceName: 'Laptop',
    holder: laptop,
    salt,
    refreshToken: tokenOf(0),
    accessTokenExpiresAt: at(ACCESS_SECONDS),
    idleExpiresAt: at(IDLE_SECONDS),
    absoluteExpiresAt: ABSOLUTE_END,
    now: START,
    ...data,
  },
});

export const started: TokenFamilyStarted = {
  type: 'TokenFamilyStarted',
  data: {
    userId: 'user_ann',
    householdId: 'hh_home',
    deviceName: 'Laptop',
    holder: laptop,
    salt,
    refreshToken: tokenOf(0),
    accessToken: accessToken(0, 0),
    expiresAt: at(IDLE_SECONDS),
    absoluteExpiresAt: ABSOLUTE_END,
    startedAt: START,
  },
};

type Presentation = Readonly<{ by?: TokenHolder; policy?: ReplayPolicy; salt?: string }>;

/** Presents the token of `generation`, `seconds` after the start of the family. */
export const present = (
  generation: number,
  seconds: number,
  { by = laptop, policy = strict, salt: presentedSalt = salt }: Presentation = {},
): RotateRefreshToken => ({
  type: 'RotateRefreshToken',
  data: {
    presented: { generation, salt: presentedSalt },
    successor: tokenOf(generation + 1),
    holder: by,
    policy,
    accessTokenExpiresAt: at(seconds + ACCESS_SECONDS),
    idleExpiresAt: at(seconds + IDLE_SECONDS),
    now: at(seconds),
  },
});

type Minting = Readonly<{ ordinal?: number; by?: TokenHolder }>;
type Replay = Minting & Readonly<{ policy?: ReplayPolicy | null }>;

/** `ordinal` counts the family's access tokens: replays mint one too. */
export const rotated = (
  generation: number,
  seconds: number,
  { ordinal = generation, by = laptop }: Minting = {},
): RefreshTokenRotated => ({
  type: 'RefreshTokenRotated',
  data: {
    userId: 'user_ann',
    householdId: 'hh_home',
    generation,
    holder: by,
    refreshToken: tokenOf(generation),
    accessToken: accessToken(ordinal, seconds),
    expiresAt: idleEnd(seconds),
    rotatedAt: at(seconds),
  },
});

export const replayed = (
  generation: number,
  seconds: number,
  { ordinal = generation + 1, by = laptop, policy = strict }: Replay = {},
): RefreshTokenReplayed => ({
  type: 'RefreshTokenReplayed',
  data: {
    generation,
    holder: by,
    accessToken: accessToken(ordinal, seconds),
    policy,
    replayedAt: at(seconds),
  },
});

type Theft = Readonly<{
  cause: TheftCause;
  presented: number;
  current: number;
  ageSeconds: number;
  presenter: TokenHolder;
  holder?: TokenHolder;
  policy?: ReplayPolicy | null;
}>;

export const theftDetected = (
  { cause, presented, current, ageSeconds, presenter, holder = laptop, policy = strict }: Theft,
  seconds: number,
): TokenTheftDetected => ({
  type: 'TokenTheftDetected',
  data: {
    userId: 'user_ann',
    cause,
    presentedGeneration: presented,
    currentGeneration: current,
    ageSeconds,
    presenter,
    holder,
    policy,
    detectedAt: at(seconds),
  },
});

export const revoke = (reason: RevocationReason, seconds: number): RevokeTokenFamily => ({
  type: 'RevokeTokenFamily',
  data: { reason, now: at(seconds) },
});

export const revoked = (
  reason: RevocationReason,
  seconds: number,
  accessTokens: readonly AccessTokenSpan[],
): TokenFamilyRevoked => ({
  type: 'TokenFamilyRevoked',
  data: { userId: 'user_ann', reason, accessTokens, revokedAt: at(seconds) },
});

export const revokeAccessToken = (ordinal: number, seconds: number): RevokeAccessToken => ({
  type: 'RevokeAccessToken',
  data: { ordinal, now: at(seconds) },
});

type Switch = Readonly<{
  previous?: string | null;
  cause?: ActiveHouseholdSwitched['data']['cause'];
  /** The access tokens of the previous household. */
  accessTokens?: readonly AccessTokenSpan[];
  /** The ordinal of the access token that replaces them; none by default. */
  ordinal?: number;
}>;

export const switched = (
  householdId: string,
  seconds: number,
  { previous = 'hh_home', cause = 'chosen', accessTokens = [], ordinal }: Switch = {},
): ActiveHouseholdSwitched => ({
  type: 'ActiveHouseholdSwitched',
  data: {
    userId: 'user_ann',
    householdId,
    previous,
    cause,
    accessTokens,
    accessToken: ordinal === undefined ? null : accessToken(ordinal, seconds),
    switchedAt: at(seconds),
  },
});

/** The access token that was minted `mintedAt` seconds after the start. */
export const accessTokenRevoked = (
  ordinal: number,
  mintedAt: number,
  seconds: number,
): AccessTokenRevoked => ({
  type: 'AccessTokenRevoked',
  data: {
    userId: 'user_ann',
    accessToken: accessToken(ordinal, mintedAt),
    revokedAt: at(seconds),
  },
});

/** Access tokens `first` to `last`, of which the last was minted `seconds` after the start. */
export const span = (first: number, last: number, seconds: number): AccessTokenSpan => ({
  first,
  last,
  expiresAt: at(seconds + ACCESS_SECONDS),
});
