import { type Instant, plusSeconds } from '../instant.ts';
import type { RecordSignInFailure } from './user-commands.ts';
import type { UserEvent } from './user-events.ts';
import type { UserAccount } from './user-state.ts';

/** Checks whether the account refuses sign-ins at `now` after too many failures. */
export const isLocked = ({ lockedUntil }: Pick<UserAccount, 'lockedUntil'>, now: Instant) =>
  lockedUntil !== null && now < lockedUntil;

/** Records a failed sign-in and locks the account at the limit; ignored while it is locked. */
export const recordFailure = (
  { checkedHash, client, policy, now }: RecordSignInFailure['data'],
  user: UserAccount,
): readonly UserEvent[] => {
  if (isLocked(user, now) || user.passwordHash !== checkedHash) return [];
  const failed: UserEvent = { type: 'SignInFailed', data: { client, failedAt: now } };
  const since = plusSeconds(now, -policy.windowSeconds);
  // Failures before the end of the last lock do not count again.
  const from = user.lockedUntil !== null && user.lockedUntil > since ? user.lockedUntil : since;
  const recent = user.failures.filter((at) => at >= from).length + 1;
  if (recent < policy.maxFailures) return [failed];
  const lockedUntil = plusSeconds(now, policy.lockSeconds);
  return [failed, { type: 'UserLocked', data: { lockedAt: now, lockedUntil } }];
};
