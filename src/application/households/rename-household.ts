import { parseHouseholdName } from '../../domain/household/household-name.ts';
import { householdAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { HouseholdSummary } from './household-directory.ts';
import type { ReadHousehold } from './read-household.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  readHousehold: ReadHousehold;
  clock: Clock;
}>;

type Input = Readonly<{ householdId: string; userId: string; name: string }>;

export type RenameHousehold = ReturnType<typeof createRenameHousehold>;

/**
 * Renames a household.
 * @throws DomainError `household_name_invalid`, `household_not_found`,
 * `household_role_insufficient`
 */
export const createRenameHousehold =
  ({ commands, readHousehold, clock }: Dependencies) =>
  async (
    { householdId, userId: by, name: wished }: Input,
    context: RequestContext,
  ): Promise<HouseholdSummary> => {
    const data = { by, name: parseHouseholdName(wished), now: clock.now() };
    await commands.execute(
      householdAggregate,
      householdId,
      { type: 'RenameHousehold', data },
      context,
    );
    return readHousehold(householdId, by);
  };
