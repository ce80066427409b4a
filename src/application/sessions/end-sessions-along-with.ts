import type { RevocationReason } from '../../domain/token-family/token-family-events.ts';
import type { UserCommand } from '../../domain/user/user-commands.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { UserState } from '../../domain/user/user-state.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler, Decision } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { SessionDirectory } from './session-directory.ts';
import type { SessionChange, StoreAlongWithSessions } from './store-along-with-sessions.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  sessions: SessionDirectory;
  storeAlongWithSessions: StoreAlongWithSessions;
}>;

type Input = Readonly<{
  userId: string;
  command: UserCommand;
  reason: RevocationReason;
  /** The family that is not ended. */
  except?: string | undefined;
}>;

export type EndSessionsAlongWith = ReturnType<typeof createEndSessionsAlongWith>;

/**
 * Stores a command to the user together with the end of the user's sessions, in one append.
 * @throws DomainError as the decider; ApplicationError `access_token_invalid` when `except`
 * has ended, `concurrent_update`
 */
export const createEndSessionsAlongWith = ({
  commands,
  sessions,
  storeAlongWithSessions,
}: Dependencies) => {
  /** A caller whose own session has ended meanwhile is refused. */
  const requireAlive = async (userId: string, familyId: string): Promise<void> => {
    if (!(await sessions.unrevokedFamilyIds(userId)).includes(familyId)) {
      throw new ApplicationError('access_token_invalid');
    }
  };

  return (
    { userId, command, reason, except }: Input,
    context: RequestContext,
  ): Promise<Decision<UserEvent, UserState>> => {
    const end = { type: 'RevokeTokenFamily', data: { reason, now: command.data.now } } as const;
    return storeAlongWithSessions(
      {
        prepare: async () => {
          const decision = await commands.prepare(userAggregate, userId, command, context);
          if (except !== undefined) await requireAlive(userId, except);
          return decision;
        },
        findChanges: async (): Promise<readonly SessionChange[]> => {
          const found = await sessions.unrevokedFamilyIds(userId);
          return found
            .filter((familyId) => familyId !== except)
            .map((familyId) => ({ familyId, command: end }));
        },
      },
      context,
    );
  };
};
