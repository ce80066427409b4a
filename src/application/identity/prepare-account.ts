import type { Instant } from '../../domain/instant.ts';
import type { IssuedToken } from '../../domain/one-time-token.ts';
import type { UserRole, UserTier } from '../../domain/user/user-events.ts';
import { householdAggregate, userAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { StreamAppend } from '../kernel/event-store.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{ commands: CommandHandler; ids: IdGenerator }>;

/**
 * A new account, with normalised texts and hashed password. `verification` as in `RegisterUser`.
 */
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

/** A decided account and its default household; it exists once `appends` are stored together. */
export type PreparedAccount = Readonly<{ householdId: string; appends: readonly StreamAppend[] }>;

export type PrepareAccount = ReturnType<typeof createPrepareAccount>;

/** Decides a new account and its default household, which must be stored in one append. */
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
