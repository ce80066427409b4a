import type { Instant } from '../../domain/instant.ts';
import { accessTokenId } from '../../domain/token-family/access-token-spans.ts';
import type {
  TokenFamilyEvent,
  TokenFamilyRevoked,
} from '../../domain/token-family/token-family-events.ts';
import type { Projection } from './row-change.ts';

/** Every access token of the family that may still be unexpired, by its `jti`. */
export const revokedAccessTokens = (
  familyId: string,
  { data: { accessTokens } }: TokenFamilyRevoked,
): readonly Readonly<{ jti: string; expiresAt: Instant }>[] =>
  accessTokens.flatMap(({ first, last, expiresAt }) =>
    Array.from({ length: last - first + 1 }, (_, i) => ({
      jti: accessTokenId(familyId, first + i),
      expiresAt,
    })),
  );

/** The denylist: one row per revoked access token, until it would have expired anyway. */
export const revokedTokensProjection: Projection<TokenFamilyEvent> = ({ stream, event }) =>
  event.type === 'TokenFamilyRevoked'
    ? revokedAccessTokens(stream.id, event).map(({ jti, expiresAt }) => ({
        table: 'revoked_tokens',
        op: 'insert',
        where: { jti },
        set: {
          user_id: event.data.userId,
          revoked_at: event.data.revokedAt,
          expires_at: expiresAt,
        },
      }))
    : [];
