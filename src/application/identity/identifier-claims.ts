import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/** An identifier claimed for a user. */
export type IdentifierClaim = SignInIdentifier & Readonly<{ userId: string }>;

/**
 * The identifier registry for many accounts at once. A call must name each identifier only once.
 */
export type IdentifierClaims = Readonly<{
  /** Claims the available identifiers. @returns the successful claims */
  claim(wanted: readonly IdentifierClaim[]): Promise<readonly IdentifierClaim[]>;
  /** Releases claims that no event has confirmed. */
  release(claims: readonly IdentifierClaim[]): Promise<void>;
}>;
