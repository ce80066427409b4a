import type { Clock } from '../kernel/clock.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EndSessionsAlongWith } from '../sessions/end-sessions-along-with.ts';
import type { KeepAnAdmin } from './keep-an-admin.ts';

type Dependencies = Readonly<{
  keepAnAdmin: KeepAnAdmin;
  endSessionsAlongWith: EndSessionsAlongWith;
  clock: Clock;
}>;

export type DeactivateUser = ReturnType<typeof createDeactivateUser>;

/**
 * Deactivates an account and revokes every token of it.
 * @throws DomainError `user_not_found`; ApplicationError `last_admin`
 */
export const createDeactivateUser =
  ({ keepAnAdmin, endSessionsAlongWith, clock }: Dependencies) =>
  async (userId: string, context: RequestContext): Promise<void> => {
    await keepAnAdmin(userId, () => {
      const command = { type: 'DeactivateUser', data: { now: clock.now() } } as const;
      return endSessionsAlongWith({ userId, command, reason: 'deactivated' }, context);
    });
  };
