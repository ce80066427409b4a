import { DomainError } from '../../../domain/domain-error.ts';
import type { OneTimeTokenCodec } from '../../identity/one-time-token-codec.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { InvitationDirectory } from '../invitation-directory.ts';

type Dependencies = Readonly<{
  codec: OneTimeTokenCodec;
  invitations: InvitationDirectory;
}>;

/**
 * Finds the household that a presented token leads to; only the stream decides whether it is valid.
 */
export type PresentedInvitation = Readonly<{ householdId: string; tokenHash: string }>;

export type OpenInvitation = ReturnType<typeof createOpenInvitation>;

/** A household that was deleted meanwhile is answered like an invalid token. */
export const asTokenError = (error: unknown): unknown =>
  error instanceof DomainError && error.code === 'household_not_found'
    ? new ApplicationError('token_invalid', { cause: error })
    : error;

/** @throws ApplicationError `token_invalid`, for a token made for anything else alike */
export const createOpenInvitation =
  ({ codec, invitations }: Dependencies) =>
  async (token: string): Promise<PresentedInvitation> => {
    const tokenHash = codec.hash(token);
    const found = tokenHash === undefined ? undefined : await invitations.findByToken(tokenHash);
    if (tokenHash === undefined || found === undefined) throw new ApplicationError('token_invalid');
    return { householdId: found.householdId, tokenHash };
  };
