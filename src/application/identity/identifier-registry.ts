import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/**
 * Keeps e-mail addresses and usernames unique before any event exists: claim, append, and the
 * projection of the event confirms the claim. An unconfirmed claim expires by itself.
 */
export type IdentifierRegistry = Readonly<{
  /** All or none. @throws ApplicationError `identifier_taken` */
  claim(identifiers: readonly SignInIdentifier[], userId: string): Promise<void>;
  /** Gives back what `userId` claimed and never confirmed. */
  release(identifiers: readonly SignInIdentifier[], userId: string): Promise<void>;
}>;
