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

/** Whether the account can have a token at all. */
const objectionToAccountStatus = (account: AccountAsOf, past: UserPast): Finding | undefined => {
  if (account.status === 'erased') {
    const verdict = 'The person was erased: every token from before is dead.';
    return refused('access_token_invalid', verdict, past, ['UserErased']);
  }
  if (account.status === 'deactivated') {
    return refused(
      'access_token_invalid',
      'The account is deactivated: every token from before is dead, and nobody gets another.',
      past,
      ['UserDeactivated', 'UserReactivated'],
    );
  }
  if (account.status !== 'pending') return undefined;
  return refused(
    'access_token_missing',
    'Nobody has proven the address yet: the account never had a token.',
    past,
    [...BEGINNING, 'EmailVerificationRequested'],
  );
};

const ADDRESS: readonly UserEvent['type'][] = [
  ...BEGINNING,
  'GuestUpgraded',
  'EmailVerificationRequested',
];

/** What of the account itself keeps it from a route, as it was at that moment. */
export const objectionToAccount = (
  account: AccountAsOf,
  past: UserPast,
  { caller, tier: needed, guestOnly, verifiedAddress }: RouteAccess,
): Finding | undefined => {
  const { userId, role, tier, email, emailVerified } = account;
  const standing = objectionToAccountStatus(account, past);
  if (standing !== undefined) return standing;
  if (caller === 'administrator' && role !== 'admin') {
    const verdict = `It is for administrators, and ${userId} is none.`;
    return refused('admin_required', verdict, past, [...BEGINNING, 'RoleChanged']);
  }
  if (needed !== undefined && !isTierAtLeast(tier, needed.atLeast)) {
    const verdict =
      tier === 'anonymous'
        ? `It is not for guests, and ${userId} is one.`
        : `It takes the tier ${needed.atLeast}, and ${userId} has the tier ${tier}.`;
    return refused('tier_insufficient', verdict, past, [...BEGINNING, 'GuestUpgradeRequested']);
  }
  if (guestOnly && tier !== 'anonymous') {
    const verdict = `It is for guests only, and ${userId} is none.`;
    return refused('not_a_guest', verdict, past, [...BEGINNING, 'GuestUpgraded', 'TierChanged']);
  }
  if (verifiedAddress && email !== null && !emailVerified) {
    const verdict = `It takes a proven address, and ${userId} has not proven theirs.`;
    return refused('email_not_verified', verdict, past, ADDRESS);
  }
  return undefined;
};
