import { addressToVerify, requestedUsername } from '../../domain/user/email-decisions.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import { accountIn, type UserState } from '../../domain/user/user-state.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { IdentifierRegistry } from './identifier-registry.ts';

/** The identifiers that were claimed for an account. */
export type RequestedIdentifiers = Readonly<{
  /** False if the username is taken, and if none was requested. */
  usernameClaimed: boolean;
  /** Releases the claims, best effort: a claim that remains expires. */
  releaseClaim(): Promise<void>;
}>;

const noClaims: RequestedIdentifiers = {
  usernameClaimed: false,
  releaseClaim: async () => undefined,
};

const isTaken = (error: unknown): boolean =>
  error instanceof ApplicationError && error.code === 'identifier_taken';

export type ClaimRequestedIdentifiers = ReturnType<typeof createClaimRequestedIdentifiers>;

/**
 * Claims the identifiers that a pending account or a guest requested, when the address is verified.
 * The first account to verify an address gets it. A username that is taken by then is left out.
 * @throws ApplicationError `token_invalid` when another account has the address
 */
export const createClaimRequestedIdentifiers = (identifiers: IdentifierRegistry) => {
  const tryClaim = async (identifier: SignInIdentifier, userId: string): Promise<boolean> => {
    try {
      await identifiers.claim([identifier], userId);
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  };

  return async (userId: string, state: UserState): Promise<RequestedIdentifiers> => {
    const user = accountIn(state);
    if (user === undefined) return noClaims;
    const email = addressToVerify(user);
    // An account that has the address, unverified, has claimed it already.
    if (email === null || email === user.email) return noClaims;
    const address: SignInIdentifier = { kind: 'email', value: email };
    if (!(await tryClaim(address, userId))) throw new ApplicationError('token_invalid');
    const username = requestedUsername(user);
    const name = username === null ? [] : [{ kind: 'username', value: username } as const];
    const usernameClaimed = name[0] !== undefined && (await tryClaim(name[0], userId));
    return {
      usernameClaimed,
      releaseClaim: () =>
        identifiers
          .release([address, ...(usernameClaimed ? name : [])], userId)
          .catch(() => undefined),
    };
  };
};
