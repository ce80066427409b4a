import { householdAggregate, userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

/** What a foreign key says of somebody who is gone. */
const asSignedOut = (error: unknown): never => {
  const gone = error instanceof ApplicationError && error.code === 'user_not_found';
  throw gone ? new ApplicationError('access_token_invalid') : error;
};

export type FollowErasure = ReturnType<typeof createFollowErasure>;

/**
 * Runs what makes somebody a member. An erasure in the same moment did not see that household: one of
 * the two always sees the other. @throws ApplicationError `access_token_invalid`
 */
export const createFollowErasure =
  ({ commands, clock }: Dependencies) =>
  async <Result>(
    { userId, householdId }: Readonly<{ userId: string; householdId: string }>,
    join: () => Promise<Result>,
    context: RequestContext,
  ): Promise<Result> => {
    const result = await join().catch(asSignedOut);
    // The stream knows of an erasure before the tables do.
    const { status } = await commands.load(userAggregate, userId);
    if (status !== 'erased') return result;
    const command = { type: 'EraseMember', data: { userId, now: clock.now() } } as const;
    await commands.execute(householdAggregate, householdId, command, context);
    throw new ApplicationError('access_token_invalid');
  };
