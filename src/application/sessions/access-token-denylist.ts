import type { Instant } from '../../domain/instant.ts';

/**
 * The revoked `jti` of unexpired access tokens, in memory in every process, fed within a second of
 * any revocation. Fails closed.
 */
export type AccessTokenDenylist = Readonly<{
  /** @throws ApplicationError `service_unavailable` when the list may be out of date */
  has(jti: string): boolean;
  /** Takes effect in this process at once, until the token expires; the others follow by their feed. */
  add(jti: string, expiresAt: Instant): void;
}>;
