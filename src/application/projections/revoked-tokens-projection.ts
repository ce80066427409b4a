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

/** The access tokens that `event` refuses from then on, as far as they may still be unexpired. */
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

/** The denylist: one row per revoked access token, until it would have expired anyway. */
export const revokedTokensProjection: Projection<TokenFamilyEvent> = ({ stream, event }) =>
  revokedAccessTokens(stream.id, event).map(
    ({ jti, userId, revokedAt, expiresAt }): RowChange => ({
      table: 'revoked_tokens',
      // One revoked by itself is revoked again along with its family.
      op: 'upsert',
      where: { jti },
      set: { user_id: userId, revoked_at: revokedAt, expires_at: expiresAt },
    }),
  );
