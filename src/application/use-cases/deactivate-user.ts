import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import type { Clock } from '../ports/clock.ts';
import type { RequestContext } from '../request-context.ts';
import type { EndSessions } from './end-sessions.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  endSessions: EndSessions;
  clock: Clock;
}>;

export type DeactivateUser = ReturnType<typeof createDeactivateUser>;

/**
 * The account cannot sign in, and every token it holds is refused at once. Asked again, it finishes
 * what an interrupted call left undone.
 * @throws DomainError `user_not_found`
 */
export const createDeactivateUser =
  ({ commands, endSessions, clock }: Dependencies) =>
  async (userId: string, context: RequestContext): Promise<void> => {
    const command = { type: 'DeactivateUser', data: { now: clock.now() } } as const;
    await commands.execute(userAggregate, userId, command, context);
    await endSessions({ userId, reason: 'deactivated' }, context);
  };
