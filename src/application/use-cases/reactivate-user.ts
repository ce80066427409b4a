import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import type { Clock } from '../ports/clock.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

export type ReactivateUser = ReturnType<typeof createReactivateUser>;

/** The account may sign in again; tokens from before stay dead. @throws DomainError `user_not_found` */
export const createReactivateUser =
  ({ commands, clock }: Dependencies) =>
  async (userId: string, context: RequestContext): Promise<void> => {
    const command = { type: 'ReactivateUser', data: { now: clock.now() } } as const;
    await commands.execute(userAggregate, userId, command, context);
  };
