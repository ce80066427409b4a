import type { UserRole } from '../../domain/user/user-events.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { KeepAnAdmin } from './keep-an-admin.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  keepAnAdmin: KeepAnAdmin;
  clock: Clock;
}>;

export type ChangeRole = ReturnType<typeof createChangeRole>;

/**
 * Changes a user's role.
 * @throws DomainError `user_not_found`, `account_incomplete`; ApplicationError `last_admin`
 */
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
