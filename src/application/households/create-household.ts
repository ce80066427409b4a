import { parseHouseholdName } from '../../domain/household/household-name.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import { householdAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { createFollowErasure } from './follow-erasure.ts';
import type { HouseholdSummary } from './household-directory.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  ids: IdGenerator;
  clock: Clock;
}>;

export type CreateHousehold = ReturnType<typeof createCreateHousehold>;

/**
 * Creates a household owned by the user. It becomes the default household of a user without one.
 * @throws DomainError `household_name_invalid`; ApplicationError `access_token_invalid`
 */
export const createCreateHousehold = ({ commands, accounts, ids, clock }: Dependencies) => {
  const followErasure = createFollowErasure({ commands, clock });

  return async (
    { userId, name: wished }: { userId: string; name: string },
    context: RequestContext,
  ): Promise<HouseholdSummary> => {
    const name = parseHouseholdName(wished);
    const owner = await accounts.findById(userId);
    if (owner?.active !== true) throw new ApplicationError('access_token_invalid');
    const now = clock.now();
    const { append } = commands.begin(
      householdAggregate,
      ids.householdId(),
      {
        type: 'CreateHousehold',
        data: { name, ownerId: userId, home: owner.householdId === null, now },
      },
      context,
    );
    const { id: householdId } = append.stream;
    await followErasure({ userId, householdId }, () => commands.append([append]), context);
    return { id: householdId, name, role: 'owner', memberCount: 1, createdAt: now };
  };
};
