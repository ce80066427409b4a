import type { StepUp, StepUpInput } from '../credentials/step-up.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import type { EraseUser } from './erase-user.ts';

type Dependencies = Readonly<{
  accounts: Pick<AccountDirectory, 'findById'>;
  sessions: Pick<SessionDirectory, 'unrevokedFamilyIds'>;
  stepUp: StepUp;
  eraseUser: EraseUser;
}>;

export type EraseAccount = ReturnType<typeof createEraseAccount>;

/**
 * Erases the caller's own account after a step-up; a guest needs only a live session.
 * @throws as `StepUp` and `EraseUser`
 */
export const createEraseAccount =
  ({ accounts, sessions, stepUp, eraseUser }: Dependencies) =>
  async (caller: StepUpInput, context: RequestContext): Promise<void> => {
    const account = await accounts.findById(caller.userId);
    const isGuest =
      account?.active === true && account.tier === 'anonymous' && account.passwordHash === null;
    if (isGuest && !(await sessions.unrevokedFamilyIds(caller.userId)).includes(caller.sessionId)) {
      throw new ApplicationError('access_token_invalid');
    }
    const { passwordHash: checkedHash } = isGuest ? account : await stepUp(caller, context);
    await eraseUser({ userId: caller.userId, granted: { checkedHash } }, context);
  };
