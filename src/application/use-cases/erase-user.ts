import { accountIn, type UserState } from '../../domain/user/user-state.ts';
import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import { ApplicationError } from '../errors.ts';
import type { KeepAnAdmin } from '../guards/keep-an-admin.ts';
import type { LeaveHouseholds } from '../households/leave-households.ts';
import type { Clock } from '../ports/clock.ts';
import type { PersonalTraces } from '../ports/personal-traces.ts';
import type { SessionDirectory } from '../ports/session-directory.ts';
import type { RequestContext } from '../request-context.ts';
import type { StoreAlongWithSessions } from '../sessions/store-along-with-sessions.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  keepAnAdmin: KeepAnAdmin;
  sessions: Pick<SessionDirectory, 'unrevokedFamilyIds'>;
  leaveHouseholds: LeaveHouseholds;
  storeAlongWithSessions: StoreAlongWithSessions;
  traces: PersonalTraces;
  clock: Clock;
}>;

type Input = Readonly<{
  userId: string;
  /** The account as it was when its user was let do this; null: by somebody who need not ask. */
  granted: Readonly<{ checkedHash: string | null }> | null;
}>;

export type EraseUser = ReturnType<typeof createEraseUser>;

const addressesOf = (state: UserState): readonly string[] => {
  const account = accountIn(state);
  if (account === undefined) return [];
  const { email, pending, upgrade, newEmail, undos } = account;
  const known = [email, pending?.email, upgrade?.email, newEmail, ...undos.map((u) => u.email)];
  return [...new Set(known.flatMap((address) => address ?? []))];
};

/**
 * Forgets a person: memberships end, then the account, its sessions and its data key go in one append.
 * Interrupted before that, it is to be asked for again; an erased user is left as is.
 * @throws DomainError `user_not_found`, `credentials_changed`, `user_deactivated`;
 * ApplicationError `last_admin`, `user_in_use`, `concurrent_update`
 */
export const createEraseUser = ({
  commands,
  keepAnAdmin,
  sessions,
  leaveHouseholds,
  storeAlongWithSessions,
  traces,
  clock,
}: Dependencies) => {
  const requireUnheld = async (userId: string): Promise<void> => {
    if ((await traces.holders(userId)).length > 0) throw new ApplicationError('user_in_use');
  };

  const erase = ({ userId, granted }: Input, context: RequestContext) => {
    const now = clock.now();
    return storeAlongWithSessions(
      {
        prepare: async () => {
          const command = { type: 'EraseUser', data: { granted, now } } as const;
          const decision = await commands.prepare(userAggregate, userId, command, context);
          if (decision.events.length > 0) await leaveHouseholds.current(userId, context);
          return decision;
        },
        findChanges: async () => {
          const end = { type: 'RevokeTokenFamily', data: { reason: 'erased', now } } as const;
          const found = await sessions.unrevokedFamilyIds(userId);
          return found.map((familyId) => ({ familyId, command: end }));
        },
      },
      context,
    );
  };

  return async (input: Input, context: RequestContext): Promise<void> => {
    const { userId } = input;
    const addresses = addressesOf(await commands.load(userAggregate, userId));
    await requireUnheld(userId);
    await keepAnAdmin(userId, () => erase(input, context));
    await leaveHouseholds.everJoined(userId, context);
    if (addresses.length > 0) await traces.forget(addresses);
  };
};
