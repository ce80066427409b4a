import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

export type ReactivateUser = ReturnType<typeof createReactivateUser>;

/**
 * Lets a deactivated account sign in again; tokens issued earlier remain revoked.
 * @throws DomainError `user_not_found`
 */
export const createReactivateUser =
  ({ commands, clock }: Dependencies) =>
  async (userId: string, context: RequestContext): Promise<void> => {
    const command = { type: 'ReactivateUser', data: { now: clock.now() } } as const;
    await commands.execute(userAggregate, userId, command, context);
  };
