import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import { defaultHouseholdProjection } from './default-household-projection.ts';
import { householdInvitationsProjection } from './household-invitations-projection.ts';
import { householdsProjection } from './households-projection.ts';
import { identifierClaimsProjection } from './identifier-claims-projection.ts';
import { oneTimeTokensProjection } from './one-time-tokens-projection.ts';
import { refreshTokensProjection } from './refresh-tokens-projection.ts';
import { revokedTokensProjection } from './revoked-tokens-projection.ts';
import type { ProjectedEvent, RowChange } from './row-change.ts';
import { sessionsProjection } from './sessions-projection.ts';
import { usersProjection } from './users-projection.ts';

const projectionsByCategory = {
  user: [usersProjection, identifierClaimsProjection, oneTimeTokensProjection],
  household: [householdsProjection, householdInvitationsProjection, defaultHouseholdProjection],
  tokenFamily: [sessionsProjection, refreshTokensProjection, revokedTokensProjection],
} as const;

/**
 * Returns the changes of all tables. The event registry guarantees that the event fits its stream.
 */
export const projectEvent = ({ stream, event }: ProjectedEvent): readonly RowChange[] => {
  switch (stream.category) {
    case 'user':
      return projectionsByCategory.user.flatMap((project) =>
        project({ stream, event: event as UserEvent }),
      );
    case 'household':
      return projectionsByCategory.household.flatMap((project) =>
        project({ stream, event: event as HouseholdEvent }),
      );
    case 'tokenFamily':
      return projectionsByCategory.tokenFamily.flatMap((project) =>
        project({ stream, event: event as TokenFamilyEvent }),
      );
  }
};
