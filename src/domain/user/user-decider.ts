import type { Decider } from '../decider.ts';
import { DomainError } from '../domain-error.ts';
import { type Instant, plusSeconds } from '../instant.ts';
import type { RecordSignInFailure, RegisterUser, UserCommand } from './user-commands.ts';
import type { UserEvent, UserRole, UserTier } from './user-events.ts';

type Registered = Readonly<{
  status: 'active' | 'deactivated';
  email: string | null;
  username: string | null;
  displayName: string;
  passwordHash: string | null;
  householdId: string;
  role: UserRole;
  tier: UserTier;
  /** The latest failures, oldest first; no more than any lockout policy counts. */
  failures: readonly Instant[];
  lockedUntil: Instant | null;
}>;
export type UserState = Registered | Readonly<{ status: 'unregistered' }>;

const REMEMBERED_FAILURES = 50;

const register = ({ now, ...account }: RegisterUser['data']): readonly UserEvent[] => [
  { type: 'UserRegistered', data: { ...account, registeredAt: now } },
];

const recordFailure = (
  { checkedHash, client, policy, now }: RecordSignInFailure['data'],
  user: Registered,
): readonly UserEvent[] => {
  const locked = user.lockedUntil !== null && now < user.lockedUntil;
  if (locked || user.passwordHash !== checkedHash) return [];
  const failed: UserEvent = { type: 'SignInFailed', data: { client, failedAt: now } };
  const since = plusSeconds(now, -policy.windowSeconds);
  // A lock that ended starts a fresh count: its failures have been paid for.
  const from = user.lockedUntil !== null && user.lockedUntil > since ? user.lockedUntil : since;
  const recent = user.failures.filter((at) => at >= from).length + 1;
  if (recent < policy.maxFailures) return [failed];
  const lockedUntil = plusSeconds(now, policy.lockSeconds);
  return [failed, { type: 'UserLocked', data: { lockedAt: now, lockedUntil } }];
};

const decideOnRegistered = (
  { type, data }: Exclude<UserCommand, RegisterUser>,
  user: Registered,
): readonly UserEvent[] => {
  switch (type) {
    case 'ChangeDisplayName':
      return user.displayName === data.displayName
        ? []
        : [
            {
              type: 'DisplayNameChanged',
              data: { displayName: data.displayName, changedAt: data.now },
            },
          ];
    case 'ChangeUsername':
      return user.username === data.username
        ? []
        : [
            {
              type: 'UsernameChanged',
              data: { username: data.username, previous: user.username, changedAt: data.now },
            },
          ];
    case 'RecordSignInFailure':
      return recordFailure(data, user);
    case 'RehashPassword':
      return user.passwordHash === data.checkedHash
        ? [
            {
              type: 'PasswordRehashed',
              data: { passwordHash: data.passwordHash, rehashedAt: data.now },
            },
          ]
        : [];
    case 'DeactivateUser':
      return user.status === 'deactivated'
        ? []
        : [{ type: 'UserDeactivated', data: { deactivatedAt: data.now } }];
    case 'ReactivateUser':
      return user.status === 'active'
        ? []
        : [{ type: 'UserReactivated', data: { reactivatedAt: data.now } }];
  }
};

const evolveRegistered = (
  user: Registered,
  { type, data }: Exclude<UserEvent, { type: 'UserRegistered' }>,
): Registered => {
  switch (type) {
    case 'DisplayNameChanged':
      return { ...user, displayName: data.displayName };
    case 'UsernameChanged':
      return { ...user, username: data.username };
    case 'SignInFailed':
      return { ...user, failures: [...user.failures, data.failedAt].slice(-REMEMBERED_FAILURES) };
    case 'UserLocked':
      return { ...user, lockedUntil: data.lockedUntil };
    case 'PasswordRehashed':
      return { ...user, passwordHash: data.passwordHash };
    case 'UserDeactivated':
      return { ...user, status: 'deactivated' };
    case 'UserReactivated':
      return { ...user, status: 'active' };
  }
};

export const userDecider: Decider<UserCommand, UserEvent, UserState> = {
  initialState: { status: 'unregistered' },
  decide: (command, state) => {
    if (command.type === 'RegisterUser') {
      if (state.status !== 'unregistered') throw new DomainError('user_exists');
      return register(command.data);
    }
    if (state.status === 'unregistered') throw new DomainError('user_not_found');
    return decideOnRegistered(command, state);
  },
  evolve: (state, event) => {
    if (event.type === 'UserRegistered') {
      const { registeredAt: _, ...account } = event.data;
      return { status: 'active', ...account, failures: [], lockedUntil: null };
    }
    return state.status === 'unregistered' ? state : evolveRegistered(state, event);
  },
};
