import type { EraseUser as EraseUserCommand } from '../../domain/user/user-commands.ts';
import type { KeepAnAdmin } from '../administration/keep-an-admin.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { EventStore } from '../kernel/event-store.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import type { StoreAlongWithSessions } from '../sessions/store-along-with-sessions.ts';
import { addressesEver } from './addresses-ever.ts';
import type { LeaveHouseholds } from './leave-households.ts';
import type { PersonalTraces } from './personal-traces.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  eventStore: Pick<EventStore, 'readStream'>;
  keepAnAdmin: KeepAnAdmin;
  sessions: Pick<SessionDirectory, 'unrevokedFamilyIds'>;
  leaveHouseholds: LeaveHouseholds;
  storeAlongWithSessions: StoreAlongWithSessions;
  traces: PersonalTraces;
  clock: Clock;
}>;

type Input = Readonly<{
  userId: string;
  /** The grant of the command `EraseUser`. */
  granted: EraseUserCommand['data']['granted'];
}>;

export type EraseUser = ReturnType<typeof createEraseUser>;

/**
 * Erases a user: ends the memberships, then erases the account, its sessions and its data key in
 * one append. Repeating it after an interruption completes the erasure.
 * @returns whether the user is erased
 * @throws DomainError `user_not_found`, `credentials_changed`, `user_deactivated`; ApplicationError
 * `last_admin`, `user_in_use`, `concurrent_update`
 */
export const createEraseUser = ({
  commands,
  eventStore,
  keepAnAdmin,
  sessions,
  leaveHouseholds,
  storeAlongWithSessions,
  traces,
  clock,
}: Dependencies) => {
  const requireUnreferenced = async (userId: string): Promise<void> => {
    if (await traces.isReferenced(userId)) throw new ApplicationError('user_in_use');
  };

  const erase = async (
    { userId, granted }: Input,
    addresses: readonly string[],
    context: RequestContext,
  ) => {
    const now = clock.now();
    const command = { type: 'EraseUser', data: { granted, now } } as const;
    const prepare = () => commands.prepare(userAggregate, userId, command, context);
    // A refused erasure must not end a membership, so it is decided first.
    const { events: wanted } = await prepare();
    if (wanted.length > 0) {
      await leaveHouseholds.current(userId, context);
      // The log does not show the addresses once the data key is deleted.
      await traces.forget(addresses);
    }
    return storeAlongWithSessions(
      {
        prepare,
        findChanges: async ({ state }) => {
          if (state.status !== 'erased') return [];
          const end = { type: 'RevokeTokenFamily', data: { reason: 'erased', now } } as const;
          const found = await sessions.unrevokedFamilyIds(userId);
          return found.map((familyId) => ({ familyId, command: end }));
        },
      },
      context,
    );
  };

  return async (input: Input, context: RequestContext): Promise<boolean> => {
    const { userId } = input;
    const stream = { category: 'user', id: userId } as const;
    const addresses = addressesEver((await eventStore.readStream(stream)).events);
    await requireUnreferenced(userId);
    const { state } = await keepAnAdmin(userId, () => erase(input, addresses, context));
    if (state.status !== 'erased') return false;
    await leaveHouseholds.everJoined(userId, context);
    // A mail may have been in delivery.
    await traces.forget(addresses);
    return true;
  };
};
