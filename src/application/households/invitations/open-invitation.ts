import { DomainError } from '../../../domain/domain-error.ts';
import type { OneTimeTokenCodec } from '../../identity/one-time-token-codec.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { InvitationDirectory } from '../invitation-directory.ts';

type Dependencies = Readonly<{
  codec: OneTimeTokenCodec;
  invitations: InvitationDirectory;
}>;

/** A presented token with its household. It may be closed or expired: the stream decides. */
export type PresentedInvitation = Readonly<{ householdId: string; tokenHash: string }>;

export type OpenInvitation = ReturnType<typeof createOpenInvitation>;

/** Converts `household_not_found`, of a household deleted meanwhile, to `token_invalid`. */
export const asTokenError = (error: unknown): unknown =>
  error instanceof DomainError && error.code === 'household_not_found'
    ? new ApplicationError('token_invalid', { cause: error })
    : error;

/**
 * Finds the household of a token.
 * @throws ApplicationError `token_invalid`, also for another purpose
 */
export const createOpenInvitation =
  ({ codec, invitations }: Dependencies) =>
  async (token: string): Promise<PresentedInvitation> => {
    const tokenHash = codec.hash(token);
    const found = tokenHash === undefined ? undefined : await invitations.findByToken(tokenHash);
    if (tokenHash === undefined || found === undefined) throw new ApplicationError('token_invalid');
    return { householdId: found.householdId, tokenHash };
  };
