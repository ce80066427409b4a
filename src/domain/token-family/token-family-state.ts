import type { Instant } from '../instant.ts';
import { addToSpans } from './access-token-spans.ts';
import type {
  AccessTokenSpan,
  MintedAccessToken,
  RevocationReason,
  TokenFamilyEvent,
  TokenHolder,
} from './token-family-events.ts';

/** Everything the next decision needs, bounded in size: it is stored with each append. */
export type LiveTokenFamily = Readonly<{
  status: 'live';
  userId: string;
  householdId: string | null;
  salt: string;
  /** The one refresh token that may be exchanged. */
  generation: number;
  /** The key that made it, so that the identical token can be made again. */
  keyId: number;
  issuedAt: Instant;
  /** The client that received it. */
  holder: TokenHolder;
  /** The number of times it was issued again. */
  replays: number;
  /** The time at which the family expires: unused for too long, or at its absolute end. */
  expiresAt: Instant;
  absoluteExpiresAt: Instant;
  startedAt: Instant;
  /** Access tokens minted so far; the next one's ordinal. */
  minted: number;
  accessTokens: readonly AccessTokenSpan[];
  /** Access tokens that were revoked singly and have not expired yet. */
  revokedAccessTokens: readonly MintedAccessToken[];
}>;

export type TokenFamilyState =
  | Readonly<{ status: 'unstarted' }>
  | LiveTokenFamily
  | Readonly<{
      status: 'revoked';
      userId: string;
      reason: RevocationReason;
      revokedAt: Instant;
    }>;

const unexpired = (tokens: readonly MintedAccessToken[], now: Instant) =>
  tokens.filter(({ expiresAt }) => expiresAt > now);

const mint = (family: LiveTokenFamily, accessToken: MintedAccessToken, now: Instant) => ({
  minted: accessToken.ordinal + 1,
  accessTokens: addToSpans(family.accessTokens, accessToken, now),
  revokedAccessTokens: unexpired(family.revokedAccessTokens, now),
});

const evolveLive = (
  family: LiveTokenFamily,
  { type, data }: Exclude<TokenFamilyEvent, { type: 'TokenFamilyStarted' }>,
): TokenFamilyState => {
  switch (type) {
    case 'RefreshTokenRotated':
      return {
        ...family,
        generation: data.generation,
        keyId: data.refreshToken.keyId,
        issuedAt: data.rotatedAt,
        holder: data.holder,
        replays: 0,
        expiresAt: data.expiresAt,
        ...mint(family, data.accessToken, data.rotatedAt),
      };
    case 'RefreshTokenReplayed':
      return {
        ...family,
        replays: family.replays + 1,
        ...mint(family, data.accessToken, data.replayedAt),
      };
    case 'TokenTheftDetected':
      return family;
    case 'ActiveHouseholdSwitched': {
      const switched = { ...family, householdId: data.householdId, accessTokens: [] };
      const { accessToken, switchedAt } = data;
      return accessToken === null
        ? switched
        : { ...switched, ...mint(switched, accessToken, switchedAt) };
    }
    case 'AccessTokenRevoked':
      return {
        ...family,
        revokedAccessTokens: [
          ...unexpired(family.revokedAccessTokens, data.revokedAt),
          data.accessToken,
        ],
      };
    case 'TokenFamilyRevoked':
      return {
        status: 'revoked',
        userId: family.userId,
        reason: data.reason,
        revokedAt: data.revokedAt,
      };
  }
};

export const evolveTokenFamily = (
  state: TokenFamilyState,
  event: TokenFamilyEvent,
): TokenFamilyState => {
  if (event.type !== 'TokenFamilyStarted') {
    return state.status === 'live' ? evolveLive(state, event) : state;
  }
  const { deviceName: _, refreshToken, accessToken, ...data } = event.data;
  return {
    status: 'live',
    ...data,
    generation: 0,
    keyId: refreshToken.keyId,
    issuedAt: data.startedAt,
    replays: 0,
    minted: accessToken.ordinal + 1,
    accessTokens: addToSpans([], accessToken, data.startedAt),
    revokedAccessTokens: [],
  };
};
