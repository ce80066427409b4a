import { DomainError } from '../../domain/domain-error.ts';
import type { HouseholdDirectory, HouseholdSummary } from './household-directory.ts';

type Dependencies = Readonly<{ households: HouseholdDirectory }>;

export type ReadHousehold = ReturnType<typeof createReadHousehold>;

/**
 * Reads a household for a member.
 * @throws DomainError `household_not_found`, also for other users
 */
export const createReadHousehold =
  ({ households }: Dependencies) =>
  async (householdId: string, userId: string): Promise<HouseholdSummary> => {
    const found = await households.find(householdId, userId);
    if (found === undefined) throw new DomainError('household_not_found');
    return found;
  };
