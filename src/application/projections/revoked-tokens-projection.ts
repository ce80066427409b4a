import type { Instant } from '../../domain/instant.ts';
import { accessTokenId } from '../../domain/token-family/access-token-spans.ts';
import type {
  AccessTokenSpan,
  TokenFamilyEvent,
} from '../../domain/token-family/token-family-events.ts';
import type { Projection, RowChange } from './row-change.ts';

type RevokedAccessToken = Readonly<{
  jti: string;
  userId: string;
  revokedAt: Instant;
  expiresAt: Instant;
}>;

const spansRevoked = (
  familyId: string,
  { userId, accessTokens }: Readonly<{ userId: string; accessTokens: readonly AccessTokenSpan[] }>,
  revokedAt: Instant,
): readonly RevokedAccessToken[] =>
  accessTokens.flatMap(({ first, last, expiresAt }) =>
    Array.from({ length: last - first + 1 }, (_, i) => {
      const jti = accessTokenId(familyId, first + i);
      return { jti, userId, revokedAt, expiresAt };
    }),
  );

/** Returns the access tokens that an event revokes and that may be unexpired. */
export const revokedAccessTokens = (
  familyId: string,
  { type, data }: TokenFamilyEvent,
): readonly RevokedAccessToken[] => {
  switch (type) {
    case 'AccessTokenRevoked': {
      const { userId, revokedAt, accessToken } = data;
      const jti = accessTokenId(familyId, accessToken.ordinal);
      return [{ jti, userId, revokedAt, expiresAt: accessToken.expiresAt }];
    }
    case 'ActiveHouseholdSwitched':
      return spansRevoked(familyId, data, data.switchedAt);
    case 'TokenFamilyRevoked':
      return spansRevoked(familyId, data, data.revokedAt);
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'TokenTheftDetected':
      return [];
  }
};

/** Keeps the denylist: one row per revoked access token until its expiry. */
export const revokedTokensProjection: Projection<TokenFamilyEvent> = ({ stream, event }) =>
  revokedAccessTokens(stream.id, event).map(
    ({ jti, userId, revokedAt, expiresAt }): RowChange => ({
      table: 'revoked_tokens',
      // A token revoked by itself is revoked again with its family.
      op: 'upsert',
      where: { jti },
      set: { user_id: userId, revoked_at: revokedAt, expires_at: expiresAt },
    }),
  );
