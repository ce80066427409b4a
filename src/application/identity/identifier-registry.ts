import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/**
 * One account per e-mail address and per username, before any event exists: claim, append, and the
 * projection of the event confirms the claim. A claim nobody confirmed expires by itself.
 */
export type IdentifierRegistry = Readonly<{
  /** All or none. @throws ApplicationError `identifier_taken` */
  claim(identifiers: readonly SignInIdentifier[], userId: string): Promise<void>;
  /** Gives back what `userId` claimed and never confirmed. */
  release(identifiers: readonly SignInIdentifier[], userId: string): Promise<void>;
}>;
