import type { UserTier } from './user-events.ts';

const TIERS: readonly UserTier[] = ['anonymous', 'free', 'member'];

/** Compares two tiers: `anonymous` is the lowest, `member` the highest. */
export const isTierAtLeast = (tier: UserTier, minimum: UserTier): boolean =>
  TIERS.indexOf(tier) >= TIERS.indexOf(minimum);
