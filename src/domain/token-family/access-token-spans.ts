import type { Instant } from '../instant.ts';
import type { AccessTokenSpan, MintedAccessToken } from './token-family-events.ts';

/** The `jti` of the `ordinal`-th access token of a family (RFC 7519, 4.1.7): unique, and derivable. */
export const accessTokenId = (familyId: string, ordinal: number): string =>
  `${familyId}.${ordinal}`;

const ACCESS_TOKEN_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(0|[1-9]\d{0,9})$/;

/** The inverse; undefined for what is no `jti` of ours. */
export const parseAccessTokenId = (
  jti: string,
): Readonly<{ familyId: string; ordinal: number }> | undefined => {
  const [, familyId, ordinal] = ACCESS_TOKEN_ID.exec(jti) ?? [];
  return familyId === undefined ? undefined : { familyId, ordinal: Number(ordinal) };
};

export const unexpiredSpans = (
  spans: readonly AccessTokenSpan[],
  now: Instant,
): readonly AccessTokenSpan[] => spans.filter(({ expiresAt }) => expiresAt > now);

/** Counts the access tokens that may still be valid. */
export const countUnexpired = (spans: readonly AccessTokenSpan[], now: Instant): number =>
  unexpiredSpans(spans, now).reduce((sum, { first, last }) => sum + last - first + 1, 0);

/**
 * Spans of a family's access tokens that may still be valid, one span per minute of expiry. Their
 * number is bounded by the lifetime of a token, however often the family is refreshed.
 */
export const addToSpans = (
  spans: readonly AccessTokenSpan[],
  { ordinal, expiresAt }: MintedAccessToken,
  now: Instant,
): readonly AccessTokenSpan[] => {
  const alive = unexpiredSpans(spans, now);
  const last = alive.at(-1);
  // An earlier minute than the last one's joins it: clocks that disagree must not add spans for ever.
  if (last === undefined || minuteOf(expiresAt) > minuteOf(last.expiresAt)) {
    return [...alive, { first: ordinal, last: ordinal, expiresAt }];
  }
  const latest = last.expiresAt > expiresAt ? last.expiresAt : expiresAt;
  return [...alive.slice(0, -1), { first: last.first, last: ordinal, expiresAt: latest }];
};

const minuteOf = (instant: Instant): string => instant.slice(0, 'YYYY-MM-DDTHH:MM'.length);
