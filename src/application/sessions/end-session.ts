import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { RevokeTokenFamily } from './revoke-token-family.ts';
import type { SessionDirectory } from './session-directory.ts';

type Dependencies = Readonly<{
  sessions: SessionDirectory;
  revokeTokenFamily: RevokeTokenFamily;
}>;

export type EndSession = ReturnType<typeof createEndSession>;

/**
 * Signs out one session of the user; does nothing if it has ended.
 * @throws ApplicationError `session_not_found`, also for another user's session
 */
export const createEndSession =
  ({ sessions, revokeTokenFamily }: Dependencies) =>
  async (
    { userId, sessionId }: { userId: string; sessionId: string },
    context: RequestContext,
  ): Promise<void> => {
    if ((await sessions.ownerOf(sessionId)) !== userId) {
      throw new ApplicationError('session_not_found');
    }
    await revokeTokenFamily(sessionId, 'sign_out', context);
  };
