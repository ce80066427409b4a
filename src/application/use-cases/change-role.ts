import type { UserRole } from '../../domain/user/user-events.ts';
import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import type { KeepAnAdmin } from '../guards/keep-an-admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { RequestContext } from '../request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  keepAnAdmin: KeepAnAdmin;
  clock: Clock;
}>;

export type ChangeRole = ReturnType<typeof createChangeRole>;

/** @throws DomainError `user_not_found`; ApplicationError `last_admin` */
export const createChangeRole =
  ({ commands, keepAnAdmin, clock }: Dependencies) =>
  async (
    { userId, role }: { userId: string; role: UserRole },
    context: RequestContext,
  ): Promise<void> => {
    const change = async () => {
      const data = { role, now: clock.now() };
      await commands.execute(userAggregate, userId, { type: 'ChangeRole', data }, context);
    };
    await (role === 'admin' ? change() : keepAnAdmin(userId, change));
  };
