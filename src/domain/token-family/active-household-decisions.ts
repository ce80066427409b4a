import { DomainError } from '../domain-error.ts';
import type { Instant } from '../instant.ts';
import { unexpiredSpans } from './access-token-spans.ts';
import { revoke } from './revocation-decisions.ts';
import type { LoseMembership, SwitchActiveHousehold } from './token-family-commands.ts';
import type { ActiveHouseholdSwitched, TokenFamilyEvent } from './token-family-events.ts';
import type { LiveTokenFamily } from './token-family-state.ts';

type Switch = Pick<ActiveHouseholdSwitched['data'], 'householdId' | 'cause' | 'accessToken'> &
  Readonly<{ now: Instant }>;

/**
 * Switches the active household and ends earlier access tokens. If the household is active already
 * and no access token is due, nothing changes and earlier access tokens remain valid.
 */
export const switchHousehold = (
  family: LiveTokenFamily,
  { householdId, cause, accessToken, now }: Switch,
): readonly TokenFamilyEvent[] => {
  if (householdId === family.householdId && accessToken === null) return [];
  return [
    {
      type: 'ActiveHouseholdSwitched',
      data: {
        userId: family.userId,
        householdId,
        previous: family.householdId,
        cause,
        accessTokens: unexpiredSpans(family.accessTokens, now),
        accessToken,
        switchedAt: now,
      },
    },
  ];
};

/** Switches a family that acts for a lost household to `fallback`, or revokes it without one. */
export const loseMembership = (
  { householdId, fallback, now }: LoseMembership['data'],
  family: LiveTokenFamily,
): readonly TokenFamilyEvent[] => {
  if (family.householdId !== householdId) return [];
  if (fallback === null) return [revoke({ reason: 'membership_lost', now }, family)];
  return switchHousehold(family, {
    householdId: fallback,
    cause: 'membership_lost',
    accessToken: null,
    now,
  });
};

/**
 * Switches to the household that the user chose.
 * @throws DomainError `session_not_found` if expired
 */
export const chooseHousehold = (
  { householdId, accessTokenExpiresAt: expiresAt, now }: SwitchActiveHousehold['data'],
  family: LiveTokenFamily,
): readonly TokenFamilyEvent[] => {
  if (now >= family.expiresAt) throw new DomainError('session_not_found');
  const accessToken = { ordinal: family.minted, expiresAt };
  return switchHousehold(family, { householdId, cause: 'chosen', accessToken, now });
};
