import type { FastifyRequest } from 'fastify';
import type { ReadProfile } from '../../../application/accounts/read-profile.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { UserTier } from '../../../domain/user/user-events.ts';
import { claimsOf } from './require-access-token.ts';

const TIERS: readonly UserTier[] = ['anonymous', 'free', 'member'];

const requireAtLeast = (tier: UserTier, minimum: UserTier): void => {
  if (TIERS.indexOf(tier) < TIERS.indexOf(minimum)) throw new ApplicationError('tier_insufficient');
};

/**
 * A hook for routes that are not for every tier, by what the access token says: up to its lifetime
 * old. @throws ApplicationError `tier_insufficient`
 */
export const requireTier =
  (minimum: UserTier) =>
  async (request: FastifyRequest): Promise<void> =>
    requireAtLeast(claimsOf(request).tier, minimum);

/** The same by the account as it is now, for routes where it matters. */
export const requireLiveTier =
  (minimum: UserTier, readProfile: ReadProfile) =>
  async (request: FastifyRequest): Promise<void> =>
    requireAtLeast((await readProfile(claimsOf(request).sub)).tier, minimum);
