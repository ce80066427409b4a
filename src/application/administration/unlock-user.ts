import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

export type UnlockUser = ReturnType<typeof createUnlockUser>;

/** Ends a lock before its time; failures count from zero again. @throws DomainError `user_not_found` */
export const createUnlockUser =
  ({ commands, clock }: Dependencies) =>
  async (userId: string, context: RequestContext): Promise<void> => {
    const command = { type: 'UnlockUser', data: { now: clock.now() } } as const;
    await commands.execute(userAggregate, userId, command, context);
  };
