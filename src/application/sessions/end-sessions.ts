import type { RevocationReason } from '../../domain/token-family/token-family-events.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { RevokeTokenFamily } from './revoke-token-family.ts';
import type { SessionDirectory } from './session-directory.ts';

type Dependencies = Readonly<{
  sessions: SessionDirectory;
  revokeTokenFamily: RevokeTokenFamily;
}>;

type Input = Readonly<{
  userId: string;
  reason: RevocationReason;
  /** The family that is not ended. */
  except?: string;
}>;

export type EndSessions = ReturnType<typeof createEndSessions>;

/** Ends every session of the user except `except`. */
export const createEndSessions =
  ({ sessions, revokeTokenFamily }: Dependencies) =>
  async ({ userId, reason, except }: Input, context: RequestContext): Promise<void> => {
    for (const familyId of await sessions.unrevokedFamilyIds(userId)) {
      if (familyId !== except) await revokeTokenFamily(familyId, reason, context);
    }
  };
