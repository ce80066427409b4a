import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/**
 * Ensures one account per e-mail address and per username before any event exists: a use case
 * claims, then appends, and the projection of the event confirms the claim. An unconfirmed claim
 * expires.
 */
export type IdentifierRegistry = Readonly<{
  /** Claims all identifiers or none. @throws ApplicationError `identifier_taken` */
  claim(identifiers: readonly SignInIdentifier[], userId: string): Promise<void>;
  /** Releases claims of `userId` that no event has confirmed. */
  release(identifiers: readonly SignInIdentifier[], userId: string): Promise<void>;
}>;
