import type { Instant } from '../../domain/instant.ts';
import type { IssuedToken } from '../../domain/one-time-token.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';
import { householdAggregate, userAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { StreamAppend } from '../kernel/event-store.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; ids: IdGenerator }>;

/** An account to be: every text in its normal form, the password hashed. */
export type AccountDraft = Readonly<{
  userId: string;
  email: string | null;
  username: string | null;
  displayName: string;
  passwordHash: string | null;
  role: UserRole;
  tier: UserTier;
  locale: string;
  pending: boolean;
  verification: IssuedToken | 'verified' | null;
  householdName: string;
  createdAt: Instant;
}>;

/** An account decided but not stored: append it, alone or with others, and it exists. */
export type PreparedAccount = Readonly<{ householdId: string; appends: readonly StreamAppend[] }>;

export type PrepareAccount = ReturnType<typeof createPrepareAccount>;

/** An account comes with a home household, always: one cannot be stored without the other. */
export const createPrepareAccount =
  ({ commands, ids }: Dependencies) =>
  (draft: AccountDraft, context: RequestContext): PreparedAccount => {
    const { userId, householdName, createdAt: now, ...account } = draft;
    const householdId = ids.householdId();
    const user = commands.begin(
      userAggregate,
      userId,
      { type: 'RegisterUser', data: { ...account, householdId, now } },
      context,
    );
    const household = commands.begin(
      householdAggregate,
      householdId,
      { type: 'CreateHousehold', data: { name: householdName, ownerId: userId, home: true, now } },
      context,
    );
    return { householdId, appends: [user.append, household.append] };
  };
