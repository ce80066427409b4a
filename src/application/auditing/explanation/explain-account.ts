import type { UserEvent } from '../../../domain/user/user-events.ts';
import { isTierAtLeast } from '../../../domain/user/user-tier.ts';
import type { UserPast } from '../history/as-of-streams.ts';
import type { AccountAsOf } from '../history/as-of-user.ts';
import { becauseOf, type Finding } from './explain-reasons.ts';
import type { RouteAccess } from './route-access.ts';

const refused = (
  code: Finding['code'],
  verdict: string,
  past: UserPast,
  types: readonly UserEvent['type'][],
): Finding => ({
  code,
  verdict,
  because: past.filter(({ event }) => types.includes(event.type)).map(becauseOf),
});

const BEGINNING = ['UserRegistered', 'UserImported'] as const;

/** Finds why the account cannot have a token at all; undefined where it can. */
const objectionToAccountStatus = (account: AccountAsOf, past: UserPast): Finding | undefined => {
  if (account.status === 'erased') {
    const verdict = 'The account was erased: tokens issued earlier remain revoked.';
    return refused('access_token_invalid', verdict, past, ['UserErased']);
  }
  if (account.status === 'deactivated') {
    return refused(
      'access_token_invalid',
      'The account is deactivated: tokens issued earlier remain revoked, and no new ones are issued.',
      past,
      ['UserDeactivated', 'UserReactivated'],
    );
  }
  if (account.status !== 'pending') return undefined;
  return refused(
    'access_token_missing',
    'The address is not verified yet: the account never had a token.',
    past,
    [...BEGINNING, 'EmailVerificationRequested'],
  );
};

const ADDRESS: readonly UserEvent['type'][] = [
  ...BEGINNING,
  'GuestUpgraded',
  'EmailVerificationRequested',
];

/** Finds why the account, as it was at that moment, is refused a route. */
export const objectionToAccount = (
  account: AccountAsOf,
  past: UserPast,
  { caller, tier: needed, guestOnly, verifiedAddress }: RouteAccess,
): Finding | undefined => {
  const { userId, role, tier, email, emailVerified } = account;
  const objection = objectionToAccountStatus(account, past);
  if (objection !== undefined) return objection;
  if (caller === 'administrator' && role !== 'admin') {
    const verdict = `The route is for administrators; ${userId} is not one.`;
    return refused('admin_required', verdict, past, [...BEGINNING, 'RoleChanged']);
  }
  if (needed !== undefined && !isTierAtLeast(tier, needed.atLeast)) {
    const verdict =
      tier === 'anonymous'
        ? `The route is not for guests; ${userId} is one.`
        : `The route requires the tier ${needed.atLeast}; ${userId} has the tier ${tier}.`;
    return refused('tier_insufficient', verdict, past, [...BEGINNING, 'GuestUpgradeRequested']);
  }
  if (guestOnly && tier !== 'anonymous') {
    const verdict = `The route is for guests only; ${userId} is not one.`;
    return refused('not_a_guest', verdict, past, [...BEGINNING, 'GuestUpgraded', 'TierChanged']);
  }
  if (verifiedAddress && email !== null && !emailVerified) {
    const verdict = `The route requires a verified address; the address of ${userId} is not verified.`;
    return refused('email_not_verified', verdict, past, ADDRESS);
  }
  return undefined;
};
