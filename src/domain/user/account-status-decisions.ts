import { DomainError } from '../domain-error.ts';
import type { Instant } from '../instant.ts';
import { isLocked } from './lockout-decisions.ts';
import { requireChecked } from './require-checked.ts';
import type {
  ChangeDisplayName,
  ChangeLocale,
  ChangeRole,
  ChangeTier,
  ChangeUsername,
  EraseUser,
  RehashPassword,
} from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

type At = Readonly<{ now: Instant }>;
type Decision = readonly UserEvent[];

// A command that would change nothing results in no event.

export const changeDisplayName = (
  { displayName, now }: ChangeDisplayName['data'],
  user: UserAccount,
): Decision =>
  user.displayName === displayName
    ? []
    : [{ type: 'DisplayNameChanged', data: { displayName, changedAt: now } }];

export const changeUsername = (
  { username, now }: ChangeUsername['data'],
  { username: previous }: UserAccount,
): Decision =>
  previous === username
    ? []
    : [{ type: 'UsernameChanged', data: { username, previous, changedAt: now } }];

export const changeLocale = ({ locale, now }: ChangeLocale['data'], user: UserAccount): Decision =>
  user.locale === locale ? [] : [{ type: 'LocaleChanged', data: { locale, changedAt: now } }];

/** Stores the new hash, unless the password was changed after `checkedHash` was read. */
export const rehashPassword = (
  { checkedHash, passwordHash, now }: RehashPassword['data'],
  user: UserAccount,
): Decision =>
  user.passwordHash === checkedHash
    ? [{ type: 'PasswordRehashed', data: { passwordHash, rehashedAt: now } }]
    : [];

/** Refuses accounts without a sign-in: those of guests and those with an unverified address. */
const requireComplete = ({ pending, tier }: UserAccount): void => {
  if (pending !== null || tier === 'anonymous') throw new DomainError('account_incomplete');
};

/** @throws DomainError `account_incomplete` for a new administrator who cannot sign in */
export const changeRole = ({ role, now }: ChangeRole['data'], user: UserAccount): Decision => {
  const { role: previous } = user;
  if (previous === role) return [];
  if (role === 'admin') requireComplete(user);
  return [{ type: 'RoleChanged', data: { role, previous, changedAt: now } }];
};

/**
 * Changes the tier of a complete account; a guest gets another tier by an upgrade.
 * @throws DomainError `account_incomplete`
 */
export const changeTier = ({ tier, now }: ChangeTier['data'], user: UserAccount): Decision => {
  const { tier: previous } = user;
  if (previous === tier) return [];
  requireComplete(user);
  return [{ type: 'TierChanged', data: { tier, previous, changedAt: now } }];
};

export const unlock = ({ now }: At, user: UserAccount): Decision =>
  isLocked(user, now) ? [{ type: 'UserUnlocked', data: { reason: 'admin', unlockedAt: now } }] : [];

export const deactivate = ({ now }: At, user: UserAccount): Decision =>
  user.status === 'deactivated' ? [] : [{ type: 'UserDeactivated', data: { deactivatedAt: now } }];

export const reactivate = ({ now }: At, user: UserAccount): Decision =>
  user.status === 'active' ? [] : [{ type: 'UserReactivated', data: { reactivatedAt: now } }];

/** @throws DomainError `credentials_changed`, `user_deactivated` where `granted` holds a hash */
export const erase = ({ granted, now }: EraseUser['data'], user: UserAccount): Decision => {
  if (granted === 'unverified' && user.pending === null) return [];
  if (granted !== null && granted !== 'unverified') requireChecked(granted.checkedHash, user);
  return [{ type: 'UserErased', data: { erasedAt: now } }];
};
