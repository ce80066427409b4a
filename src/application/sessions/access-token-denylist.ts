import type { Instant } from '../../domain/instant.ts';

/**
 * The revoked, unexpired access tokens by `jti`, in the memory of every process. A revocation
 * reaches every process within a second. Fails closed.
 */
export type AccessTokenDenylist = Readonly<{
  /** Checks for a revoked token. @throws ApplicationError `service_unavailable` when out of date */
  has(jti: string): boolean;
  /** Adds a token in this process until it expires; other processes learn of it by their feed. */
  add(jti: string, expiresAt: Instant): void;
}>;
