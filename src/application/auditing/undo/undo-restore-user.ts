import type { SignInIdentifier } from '../../../domain/user/sign-in-identifier.ts';
import type { UserCommand } from '../../../domain/user/user-commands.ts';
import type { UserEvent, UserRole, UserTier } from '../../../domain/user/user-events.ts';
import type { ChangeRole } from '../../administration/change-role.ts';
import type { ChangeTier } from '../../administration/change-tier.ts';
import type { DeactivateUser } from '../../administration/deactivate-user.ts';
import type { ReactivateUser } from '../../administration/reactivate-user.ts';
import type { IdentifierRegistry } from '../../identity/identifier-registry.ts';
import type { OneTimeTokens } from '../../identity/one-time-tokens.ts';
import { userAggregate } from '../../kernel/aggregate.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommandHandler } from '../../kernel/command-handler.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import type { RequestContext } from '../../kernel/request-context.ts';
import type { EndSessionsAlongWith } from '../../sessions/end-sessions-along-with.ts';
import type { UserField } from '../undo-plan/changed-fields.ts';
import type { FieldChange } from '../undo-plan/field-changes.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  identifiers: IdentifierRegistry;
  oneTimeTokens: OneTimeTokens;
  endSessionsAlongWith: EndSessionsAlongWith;
  changeRole: ChangeRole;
  changeTier: ChangeTier;
  deactivateUser: DeactivateUser;
  reactivateUser: ReactivateUser;
  clock: Clock;
}>;

type Input = Readonly<{
  userId: string;
  change: FieldChange<UserField>;
  /** All of the user's stream. */
  events: readonly RecordedEvent<UserEvent>[];
}>;

/** The value to restore: a change without one is not undoable, so it never gets here. */
const earlierValue = ({ target }: FieldChange<UserField>): string => {
  if (target === null) throw new TypeError('a change without an earlier value cannot be undone');
  return target;
};

/** The number of the first change of the address that is undone. */
const numberOf = ({ change: { eventIds }, events }: Input): number =>
  events
    .filter(({ event }) => event.type === 'EmailChanged')
    .findIndex(({ eventId }) => eventId === eventIds[0]);

export type RestoreUser = ReturnType<typeof createRestoreUser>;

/**
 * Restores the earlier value of a field of a user, by a command of its own.
 * @throws DomainError; ApplicationError `identifier_taken`, `last_admin`
 */
export const createRestoreUser = ({
  commands,
  identifiers,
  oneTimeTokens,
  endSessionsAlongWith,
  changeRole,
  changeTier,
  deactivateUser,
  reactivateUser,
  clock,
}: Dependencies) => {
  const claiming = async (
    identifier: SignInIdentifier,
    userId: string,
    work: () => Promise<unknown>,
  ): Promise<void> => {
    await identifiers.claim([identifier], userId);
    try {
      await work();
    } catch (error) {
      await identifiers.release([identifier], userId).catch(() => undefined);
      throw error;
    }
  };

  const restoreEmail = (input: Input, context: RequestContext) => {
    const { userId, change } = input;
    const email = earlierValue(change);
    const now = clock.now();
    const reset = oneTimeTokens.issue('password_reset', now);
    const data = { email, undoes: numberOf(input), reset, now };
    const command = { type: 'RestoreEmail', data } as const;
    return claiming({ kind: 'email', value: email }, userId, () =>
      endSessionsAlongWith({ userId, command, reason: 'password_changed' }, context),
    );
  };

  const voidPassword = async ({ userId }: Input, context: RequestContext) => {
    const user = await commands.load(userAggregate, userId);
    const checkedHash = 'passwordHash' in user ? user.passwordHash : null;
    const now = clock.now();
    const data = { checkedHash, reset: oneTimeTokens.issue('password_reset', now), now };
    const command = { type: 'VoidPassword', data } as const;
    await endSessionsAlongWith({ userId, command, reason: 'password_changed' }, context);
  };

  const give = async (userId: string, command: UserCommand, context: RequestContext) => {
    await commands.execute(userAggregate, userId, command, context);
  };

  return async (input: Input, context: RequestContext): Promise<void> => {
    const { userId, change } = input;
    const now = clock.now();
    switch (change.field) {
      case 'email':
        return restoreEmail(input, context);
      case 'pending_email':
      case 'password':
        return voidPassword(input, context);
      case 'username': {
        const username = earlierValue(change);
        return claiming({ kind: 'username', value: username }, userId, () =>
          give(userId, { type: 'ChangeUsername', data: { username, now } }, context),
        );
      }
      case 'display_name': {
        const data = { displayName: earlierValue(change), now };
        return give(userId, { type: 'ChangeDisplayName', data }, context);
      }
      case 'locale':
        return give(
          userId,
          { type: 'ChangeLocale', data: { locale: earlierValue(change), now } },
          context,
        );
      case 'role':
        return changeRole({ userId, role: earlierValue(change) as UserRole }, context);
      case 'tier':
        return changeTier({ userId, tier: earlierValue(change) as UserTier }, context);
      case 'account_status':
        return change.target === 'active'
          ? reactivateUser(userId, context)
          : deactivateUser(userId, context);
    }
  };
};
