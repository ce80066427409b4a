import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import type { Clock } from '../ports/clock.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

export type UnlockUser = ReturnType<typeof createUnlockUser>;

/** Ends a lock before its time; failures count from zero again. @throws DomainError `user_not_found` */
export const createUnlockUser =
  ({ commands, clock }: Dependencies) =>
  async (userId: string, context: RequestContext): Promise<void> => {
    const command = { type: 'UnlockUser', data: { now: clock.now() } } as const;
    await commands.execute(userAggregate, userId, command, context);
  };
