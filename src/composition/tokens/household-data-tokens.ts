import type { CheckIsolation } from '../../adapters/household-data/isolation-check.ts';
import type { HouseholdTables } from '../../adapters/http/routes/household-data/household-data-routes.ts';
import type { HouseholdScope } from '../../application/household-data/household-scope.ts';
import type { ReleaseMembers } from '../../application/household-data/release-members.ts';
import { token } from './token.ts';

export const householdDataTokens = {
  releaseMembers: token<ReleaseMembers>('ReleaseMembers'),
  householdScope: token<HouseholdScope>('HouseholdScope'),
  checkIsolation: token<CheckIsolation>('CheckIsolation'),
  checkLateReferences: token<() => Promise<void>>('CheckLateReferences'),
  householdTables: token<HouseholdTables>('HouseholdTables'),
} as const;
