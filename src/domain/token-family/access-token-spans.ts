import type { Instant } from '../instant.ts';
import type { AccessTokenSpan, MintedAccessToken } from './token-family-events.ts';

/** Builds the `jti` of a family's `ordinal`-th access token (RFC 7519, 4.1.7). */
export const accessTokenId = (familyId: string, ordinal: number): string =>
  `${familyId}.${ordinal}`;

const ACCESS_TOKEN_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(0|[1-9]\d{0,9})$/;

/** Parses a `jti` made by `accessTokenId`; undefined for any other text. */
export const parseAccessTokenId = (
  jti: string,
): Readonly<{ familyId: string; ordinal: number }> | undefined => {
  const [, familyId, ordinal] = ACCESS_TOKEN_ID.exec(jti) ?? [];
  return familyId === undefined ? undefined : { familyId, ordinal: Number(ordinal) };
};

/** Keeps the spans with tokens that may be unexpired at `now`. */
export const unexpiredSpans = (
  spans: readonly AccessTokenSpan[],
  now: Instant,
): readonly AccessTokenSpan[] => spans.filter(({ expiresAt }) => expiresAt > now);

/** Counts the access tokens that may be unexpired at `now`. */
export const countUnexpired = (spans: readonly AccessTokenSpan[], now: Instant): number =>
  unexpiredSpans(spans, now).reduce((sum, { first, last }) => sum + last - first + 1, 0);

/**
 * Adds a token and drops expired spans. One span covers a minute of expiry, so the lifetime of a
 * token bounds their number, however often the family is refreshed.
 */
export const addToSpans = (
  spans: readonly AccessTokenSpan[],
  { ordinal, expiresAt }: MintedAccessToken,
  now: Instant,
): readonly AccessTokenSpan[] => {
  const unexpired = unexpiredSpans(spans, now);
  const last = unexpired.at(-1);
  // A token of an earlier minute joins the last span, so that clocks that disagree add no spans.
  if (last === undefined || minuteOf(expiresAt) > minuteOf(last.expiresAt)) {
    return [...unexpired, { first: ordinal, last: ordinal, expiresAt }];
  }
  const latest = last.expiresAt > expiresAt ? last.expiresAt : expiresAt;
  return [...unexpired.slice(0, -1), { first: last.first, last: ordinal, expiresAt: latest }];
};

const minuteOf = (instant: Instant): string => instant.slice(0, 'YYYY-MM-DDTHH:MM'.length);
