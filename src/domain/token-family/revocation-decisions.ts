import { unexpiredSpans } from './access-token-spans.ts';
import type { RevokeAccessToken, RevokeTokenFamily } from './token-family-commands.ts';
import type { TokenFamilyEvent } from './token-family-events.ts';
import type { LiveTokenFamily } from './token-family-state.ts';

/** Revokes the family and the access tokens that may be unexpired. */
export const revoke = (
  { reason, now }: RevokeTokenFamily['data'],
  family: LiveTokenFamily,
): TokenFamilyEvent => ({
  type: 'TokenFamilyRevoked',
  data: {
    userId: family.userId,
    reason,
    accessTokens: unexpiredSpans(family.accessTokens, now),
    revokedAt: now,
  },
});

/** Revokes one access token, unless it was never minted, has expired or is revoked already. */
export const revokeAccessToken = (
  { ordinal, now }: RevokeAccessToken['data'],
  family: LiveTokenFamily,
): readonly TokenFamilyEvent[] => {
  const span = unexpiredSpans(family.accessTokens, now).find(
    ({ first, last }) => first <= ordinal && ordinal <= last,
  );
  const done = family.revokedAccessTokens.some((token) => token.ordinal === ordinal);
  if (span === undefined || done) return [];
  const accessToken = { ordinal, expiresAt: span.expiresAt };
  return [
    { type: 'AccessTokenRevoked', data: { userId: family.userId, accessToken, revokedAt: now } },
  ];
};
