import type { Instant } from '../instant.ts';
import type { IssuedToken, OneTimeTokenType } from '../one-time-token.ts';
import type { GuestUpgradeRequested, UserEvent, UserRole, UserTier } from './user-events.ts';

/** The tokens that are out, one per purpose: the next one of a purpose supersedes the last. */
type LiveTokens = Readonly<
  Partial<Record<Exclude<OneTimeTokenType, 'email_change_undo'>, IssuedToken>>
>;

/** An address that was left, and the token that brings it back. */
export type EmailChangeUndo = Readonly<{ number: number; email: string; token: IssuedToken }>;

export type UserAccount = Readonly<{
  status: 'active' | 'deactivated';
  email: string | null;
  emailVerified: boolean;
  username: string | null;
  displayName: string;
  passwordHash: string | null;
  householdId: string;
  role: UserRole;
  tier: UserTier;
  locale: string;
  /** The identifiers of a sign-up that is not verified yet: they are not claimed until then. */
  pending: Readonly<{ email: string; username: string | null }> | null;
  /** The credentials that a guest asked for. */
  upgrade: Readonly<Omit<GuestUpgradeRequested['data'], 'requestedAt'>> | null;
  /** The address that an e-mail change waits for. */
  newEmail: string | null;
  tokens: LiveTokens;
  /** Oldest first. */
  undos: readonly EmailChangeUndo[];
  /** The number of address changes; it numbers the undo tokens. */
  emailChanges: number;
  /** The latest failures, oldest first; no more than any lockout policy counts. */
  failures: readonly Instant[];
  lockedUntil: Instant | null;
}>;

export type UserState =
  | UserAccount
  | Readonly<{ status: 'unregistered' }>
  | Readonly<{ status: 'erased' }>;

/** Finds the account in a state; undefined for users that are unregistered or erased. */
export const accountIn = (state: UserState): UserAccount | undefined =>
  state.status === 'unregistered' || state.status === 'erased' ? undefined : state;

type FirstEvent = Extract<UserEvent, { type: 'UserRegistered' | 'UserImported' }>;

const REMEMBERED_FAILURES = 50;

const emptyAccount = {
  pending: null,
  upgrade: null,
  newEmail: null,
  tokens: {},
  undos: [],
  emailChanges: 0,
  failures: [],
  lockedUntil: null,
} as const;

const begin = (event: FirstEvent): UserAccount => {
  if (event.type === 'UserImported') {
    const { active, provenance: _, createdAt: _c, importedAt: _i, ...account } = event.data;
    return { ...emptyAccount, ...account, status: active ? 'active' : 'deactivated' };
  }
  const { registeredAt: _, pending, ...account } = event.data;
  const registered = {
    ...emptyAccount,
    ...account,
    status: 'active',
    emailVerified: false,
  } as const;
  if (!pending || account.email === null) return registered;
  const requested = { email: account.email, username: account.username };
  return { ...registered, email: null, username: null, pending: requested };
};

const without = (tokens: LiveTokens, type: keyof LiveTokens): LiveTokens => {
  const { [type]: _, ...rest } = tokens;
  return rest;
};

const evolveAccount = (
  user: UserAccount,
  { type, data }: Exclude<UserEvent, FirstEvent>,
): UserState => {
  switch (type) {
    case 'EmailVerificationRequested':
      return { ...user, tokens: { ...user.tokens, email_verification: data.token } };
    case 'EmailVerified':
      return {
        ...user,
        email: data.email,
        emailVerified: true,
        pending: null,
        tokens: without(user.tokens, 'email_verification'),
      };
    case 'EmailChangeRequested':
      return {
        ...user,
        newEmail: data.email,
        tokens: { ...user.tokens, email_change: data.token },
      };
    case 'EmailChanged': {
      const { undo, undoes, previous } = data;
      const kept = user.undos.filter(
        ({ number, token }) =>
          token.expiresAt > data.changedAt && (undoes === null || number < undoes),
      );
      return {
        ...user,
        email: data.email,
        emailVerified: true,
        // A change that waited for another address's verification must not take effect with this
        // one's.
        upgrade: null,
        newEmail: null,
        tokens: {},
        undos: undo === null || previous === null ? kept : [...kept, { ...undo, email: previous }],
        emailChanges: user.emailChanges + 1,
      };
    }
    case 'PasswordResetRequested':
      return { ...user, tokens: { ...user.tokens, password_reset: data.token } };
    case 'PasswordChanged':
      return { ...user, passwordHash: data.passwordHash, newEmail: null, tokens: {} };
    case 'PasswordRehashed':
      return { ...user, passwordHash: data.passwordHash };
    case 'SignInFailed':
      return { ...user, failures: [...user.failures, data.failedAt].slice(-REMEMBERED_FAILURES) };
    case 'UserLocked':
      return { ...user, lockedUntil: data.lockedUntil };
    case 'UserUnlocked':
      return { ...user, lockedUntil: null, failures: [] };
    case 'DisplayNameChanged':
      return { ...user, displayName: data.displayName };
    case 'UsernameChanged':
      return { ...user, username: data.username };
    case 'LocaleChanged':
      return { ...user, locale: data.locale };
    case 'RoleChanged':
      return { ...user, role: data.role };
    case 'TierChanged':
      return { ...user, tier: data.tier };
    case 'UserDeactivated':
      return { ...user, status: 'deactivated' };
    case 'UserReactivated':
      return { ...user, status: 'active' };
    case 'UserErased':
      return { status: 'erased' };
    case 'GuestUpgradeRequested': {
      const { requestedAt: _, ...upgrade } = data;
      return { ...user, upgrade };
    }
    case 'GuestUpgraded': {
      const { upgradedAt: _, ...account } = data;
      return { ...user, ...account, emailVerified: false, tier: 'free', upgrade: null };
    }
  }
};

export const evolveUser = (state: UserState, event: UserEvent): UserState => {
  if (event.type === 'UserRegistered' || event.type === 'UserImported') return begin(event);
  const account = accountIn(state);
  return account === undefined ? state : evolveAccount(account, event);
};
