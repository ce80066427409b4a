import type { UserTier } from '../../domain/user/user-events.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; clock: Clock }>;

export type ChangeTier = ReturnType<typeof createChangeTier>;

/** Changes a user's tier. @throws DomainError `user_not_found`, `account_incomplete` */
export const createChangeTier =
  ({ commands, clock }: Dependencies) =>
  async (
    { userId, tier }: { userId: string; tier: UserTier },
    context: RequestContext,
  ): Promise<void> => {
    const data = { tier, now: clock.now() };
    await commands.execute(userAggregate, userId, { type: 'ChangeTier', data }, context);
  };
