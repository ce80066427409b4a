import { unexpiredSpans } from './access-token-spans.ts';
import type { RevokeAccessToken, RevokeTokenFamily } from './token-family-commands.ts';
import type { TokenFamilyEvent } from './token-family-events.ts';
import type { LiveTokenFamily } from './token-family-state.ts';

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

/** A token that was never minted, has expired or is revoked already needs no revoking. */
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
