import type {
  RevocationReason,
  TokenFamilyEvent,
} from '../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../domain/token-family/token-family-state.ts';
import type { UserCommand } from '../../domain/user/user-commands.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { UserState } from '../../domain/user/user-state.ts';
import { tokenFamilyAggregate, userAggregate } from '../aggregate.ts';
import type { CommandHandler, Decision } from '../command-handler.ts';
import { ApplicationError } from '../errors.ts';
import type { AccessTokenDenylist } from '../ports/access-token-denylist.ts';
import { RevisionConflict } from '../ports/event-store.ts';
import type { SessionDirectory } from '../ports/session-directory.ts';
import type { RequestContext } from '../request-context.ts';
import { denyRevoked, type RevokeTokenFamily } from './revoke-token-family.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  sessions: SessionDirectory;
  denylist: AccessTokenDenylist;
  revokeTokenFamily: RevokeTokenFamily;
}>;

type Input = Readonly<{
  userId: string;
  command: UserCommand;
  reason: RevocationReason;
  /** The one family that stays. */
  except?: string | undefined;
}>;

type UserDecision = Decision<UserEvent, UserState>;
type FamilyDecision = Decision<TokenFamilyEvent, TokenFamilyState>;

/** Every family that refreshes meanwhile makes the append start over; a busy user has a few. */
const MAX_ATTEMPTS = 100;
/** What one statement carries in good time. */
const MAX_TOGETHER = 64;

export type EndSessionsAlongWith = ReturnType<typeof createEndSessionsAlongWith>;

/**
 * Stores what `command` does to the user and the end of the user's sessions in one append, so that no
 * crash leaves one without the other. A session started meanwhile looks at the user again and ends.
 * @throws DomainError as the decider refuses; ApplicationError `access_token_invalid` when `except` has
 * ended, `concurrent_update`
 */
export const createEndSessionsAlongWith = ({
  commands,
  sessions,
  denylist,
  revokeTokenFamily,
}: Dependencies) => {
  const prepareEnd = (
    familyId: string,
    { reason, command }: Input,
    context: RequestContext,
  ): Promise<FamilyDecision> =>
    commands.prepare(
      tokenFamilyAggregate,
      familyId,
      { type: 'RevokeTokenFamily', data: { reason, now: command.data.now } },
      context,
    );

  /** What does not fit goes before: a crash then leaves the command to be given again. */
  const endExcess = async (
    { reason }: Input,
    familyIds: readonly string[],
    context: RequestContext,
  ): Promise<readonly string[]> => {
    const excess = familyIds.slice(MAX_TOGETHER);
    for (const familyId of excess) await revokeTokenFamily(familyId, reason, context);
    return familyIds.slice(0, MAX_TOGETHER);
  };

  /** @throws RevisionConflict */
  const attempt = async (input: Input, context: RequestContext): Promise<UserDecision> => {
    const { userId, command, except } = input;
    const user = await commands.prepare(userAggregate, userId, command, context);
    const found = await sessions.unrevokedFamilyIds(userId);
    // Whoever asks from a session that has ended meanwhile asks no more.
    if (except !== undefined && !found.includes(except)) {
      throw new ApplicationError('access_token_invalid');
    }
    const others = found.filter((id) => id !== except);
    const together = await endExcess(input, others, context);
    const ends = await Promise.all(together.map((id) => prepareEnd(id, input, context)));
    const appends = [user, ...ends].filter(({ events }) => events.length > 0);
    if (appends.length > 0) await commands.append(appends.map(({ append }) => append));
    ends.forEach(({ append, events }) => {
      denyRevoked(denylist, append.stream.id, events);
    });
    return user;
  };

  const attemptUntilAlone = async (input: Input, context: RequestContext) => {
    for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
      try {
        return await attempt(input, context);
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
    throw new ApplicationError('concurrent_update');
  };

  return async (input: Input, context: RequestContext): Promise<UserDecision> => {
    const { userId, reason, except } = input;
    const user = await attemptUntilAlone(input, context);
    // A sign-in between the look and the append may have looked at the user before it: one of the two
    // sees the other.
    for (const familyId of await sessions.unrevokedFamilyIds(userId)) {
      if (familyId !== except) await revokeTokenFamily(familyId, reason, context);
    }
    return user;
  };
};
