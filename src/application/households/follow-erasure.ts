import { householdAggregate, userAggregate } from '../kernel/aggregate.ts';
import { checkAfterAppend } from '../kernel/check-after-append.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

/** The foreign key refuses a user who was erased before the append. */
const asSignedOut = (error: unknown): never => {
  const gone = error instanceof ApplicationError && error.code === 'user_not_found';
  throw gone ? new ApplicationError('access_token_invalid') : error;
};

export type FollowErasure = ReturnType<typeof createFollowErasure>;

/**
 * Runs `join`, which makes the user a member, and checks after its append that the user was not erased
 * meanwhile: the erasure did not see the new membership, so it is ended here.
 * @throws ApplicationError `access_token_invalid`
 */
export const createFollowErasure =
  ({ commands, clock }: Dependencies) =>
  async <Result>(
    { userId, householdId }: Readonly<{ userId: string; householdId: string }>,
    join: () => Promise<Result>,
    context: RequestContext,
  ): Promise<Result> => {
    const { stored } = await checkAfterAppend({
      append: () => join().catch(asSignedOut),
      // The stream knows of an erasure before the tables do.
      readAgain: () => commands.load(userAggregate, userId),
      findContradiction: ({ status }) => (status === 'erased' ? status : undefined),
      compensate: async () => {
        const command = { type: 'EraseMember', data: { userId, now: clock.now() } } as const;
        await commands.execute(householdAggregate, householdId, command, context);
        throw new ApplicationError('access_token_invalid');
      },
    });
    return stored;
  };
