import { DomainError } from '../domain-error.ts';
import type { Instant } from '../instant.ts';
import { unexpiredSpans } from './access-token-spans.ts';
import { revoke } from './revocation-decisions.ts';
import type { LoseMembership, SwitchActiveHousehold } from './token-family-commands.ts';
import type { ActiveHouseholdSwitched, TokenFamilyEvent } from './token-family-events.ts';
import type { LiveTokenFamily } from './token-family-state.ts';

type Switch = Pick<ActiveHouseholdSwitched['data'], 'householdId' | 'cause' | 'accessToken'> &
  Readonly<{ now: Instant }>;

/** Already there: nothing changes, and the access tokens from before stay good. */
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

export const chooseHousehold = (
  { householdId, accessTokenExpiresAt: expiresAt, now }: SwitchActiveHousehold['data'],
  family: LiveTokenFamily,
): readonly TokenFamilyEvent[] => {
  if (now >= family.expiresAt) throw new DomainError('session_not_found');
  const accessToken = { ordinal: family.minted, expiresAt };
  return switchHousehold(family, { householdId, cause: 'chosen', accessToken, now });
};
