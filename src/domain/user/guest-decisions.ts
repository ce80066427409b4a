import { DomainError } from '../domain-error.ts';
import { takeUsername } from './email-decisions.ts';
import type { RequestGuestUpgrade, UpgradeGuest } from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

const requireGuest = ({ tier, email }: UserAccount): void => {
  if (tier !== 'anonymous' || email !== null) throw new DomainError('not_a_guest');
};

/** @throws DomainError `not_a_guest` */
export const requestGuestUpgrade = (
  { token, now, ...requested }: RequestGuestUpgrade['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  requireGuest(user);
  return [
    { type: 'GuestUpgradeRequested', data: { ...requested, requestedAt: now } },
    {
      type: 'EmailVerificationRequested',
      data: { email: requested.email, token, requestedAt: now },
    },
  ];
};

/** @throws DomainError `not_a_guest` */
export const upgradeGuest = (
  { email, username, displayName, passwordHash, token, now }: UpgradeGuest['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  requireGuest(user);
  return [
    { type: 'GuestUpgraded', data: { email, displayName, passwordHash, upgradedAt: now } },
    ...takeUsername(username, user, now),
    { type: 'EmailVerificationRequested', data: { email, token, requestedAt: now } },
  ];
};
