import type { Instant } from '../instant.ts';
import type { IssuedToken, OneTimeTokenType } from '../one-time-token.ts';
import type { GuestUpgradeRequested, UserEvent, UserRole, UserTier } from './user-events.ts';

/** The live tokens, one per purpose: a new token supersedes the last one of its purpose. */
type LiveTokens = Readonly<
  Partial<Record<Exclude<OneTimeTokenType, 'email_change_undo'>, IssuedToken>>
>;

/** An earlier address and the token that restores it. */
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
  /** The unverified address and username of a registration; sign-in is refused until verified. */
  pending: Readonly<{ email: string; username: string | null }> | null;
  /** The credentials that a guest entered and has not verified. */
  upgrade: Readonly<Omit<GuestUpgradeRequested['data'], 'requestedAt'>> | null;
  /** The unverified address of an e-mail change. */
  newEmail: string | null;
  tokens: LiveTokens;
  /** Undo tokens in the order of the changes. */
  undos: readonly EmailChangeUndo[];
  /** Number of address changes; the next one's number. */
  emailChanges: number;
  /** The latest failures, oldest first; no more than any lockout policy counts. */
  failures: readonly Instant[];
  lockedUntil: Instant | null;
}>;

export type UserState =
  | UserAccount
  | Readonly<{ status: 'unregistered' }>
  | Readonly<{ status: 'erased' }>;

/** Returns the account; undefined before its registration and after its erasure. */
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
        // A guest upgrade waits for another address: verifying this one must not complete it.
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
