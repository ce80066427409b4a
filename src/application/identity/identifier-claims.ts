import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

export type IdentifierClaim = SignInIdentifier & Readonly<{ userId: string }>;

/**
 * Claims identifiers like the identifier registry, for many accounts at once. No identifier may
 * come twice.
 */
export type IdentifierClaims = Readonly<{
  /** Takes what can be had. @returns the claims that hold */
  claim(wanted: readonly IdentifierClaim[]): Promise<readonly IdentifierClaim[]>;
  /** Gives back what was claimed and never confirmed. */
  release(claims: readonly IdentifierClaim[]): Promise<void>;
}>;
