import type { InvitationAllowance } from '../../../application/households/invitations/invitation-allowance.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { PostgresRateLimiter } from '../rate-limits/postgres-rate-limiter.ts';

const DAY = 24 * 60 * 60;
const PER_INVITER = { points: 60, seconds: DAY };
const PER_ADDRESS = { points: 10, seconds: DAY };

/** Limits invitations per inviter and per address, in the table of the rate limits. */
export const createLimitedInvitationAllowance = (
  limiter: Pick<PostgresRateLimiter, 'consume'>,
): InvitationAllowance => ({
  takeForInviter: async (userId) => {
    const answer = await limiter.consume(`inviter ${userId}`, PER_INVITER);
    if (answer.allowed) return;
    const { retryAfterSeconds } = answer;
    throw new ApplicationError('invitation_limit_reached', { retryAfterSeconds });
  },
  takeForAddress: async (email) => (await limiter.consume(`invited ${email}`, PER_ADDRESS)).allowed,
});
