import type { Instant } from '../instant.ts';
import { addToSpans } from './access-token-spans.ts';
import type {
  AccessTokenSpan,
  MintedAccessToken,
  RevocationReason,
  TokenFamilyEvent,
  TokenHolder,
} from './token-family-events.ts';

/** The state of a live family, bounded in size because each append stores it as a snapshot. */
export type LiveTokenFamily = Readonly<{
  status: 'live';
  userId: string;
  householdId: string | null;
  salt: string;
  /** The generation of the live refresh token. */
  generation: number;
  /** The key that derives the live refresh token, to derive the same token again. */
  keyId: number;
  issuedAt: Instant;
  /** The client that received the live refresh token. */
  holder: TokenHolder;
  /** Number of replays of the live refresh token. */
  replays: number;
  /** The earlier of the idle end and the absolute end. */
  expiresAt: Instant;
  absoluteExpiresAt: Instant;
  startedAt: Instant;
  /** Number of access tokens minted so far, and the ordinal of the next one. */
  minted: number;
  accessTokens: readonly AccessTokenSpan[];
  /** Unexpired access tokens that were revoked one by one. */
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
