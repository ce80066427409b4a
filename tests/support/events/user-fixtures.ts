import type { Instant } from '../../../src/domain/instant.ts';
import type { IssuedToken } from '../../../src/domain/one-time-token.ts';
import type {
  LockoutPolicy,
  RecordSignInFailure,
  RegisterUser,
} from '../../../src/domain/user/user-commands.ts';
import type {
  SignInFailed,
  UserLocked,
  UserRegistered,
} from '../../../src/domain/user/user-events.ts';
import { at, START } from './token-family-fixtures.ts';

export const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g';
export const newerHash = '$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$bmV3ZXJoYXNo';

export const client = { ip: '192.0.2.1', userAgent: 'Laptop/1.0' };

const account = {
  email: 'ann@example.com',
  username: 'ann',
  displayName: 'Ann',
  passwordHash: hash,
  householdId: 'hh_home',
  role: 'user',
  tier: 'free',
  locale: 'en',
  pending: false,
} as const;

/** A one-time token as events store it; each number is another token. */
export const issuedToken = (number: number, expiresAt: Instant): IssuedToken => ({
  id: (2 * number).toString(16).padStart(64, '0'),
  keyId: 7,
  tokenHash: (2 * number + 1).toString(16).padStart(64, '0'),
  expiresAt,
});

export const register: RegisterUser = {
  type: 'RegisterUser',
  data: { ...account, verification: null, now: START },
};
export const registered: UserRegistered = {
  type: 'UserRegistered',
  data: { ...account, registeredAt: START },
};

/** Ten failures within 15 minutes lock the account for an hour. */
export const lockout: LockoutPolicy = { maxFailures: 10, windowSeconds: 900, lockSeconds: 3_600 };

export const recordFailure = (
  seconds: number,
  data: Partial<RecordSignInFailure['data']> = {},
): RecordSignInFailure => ({
  type: 'RecordSignInFailure',
  data: { checkedHash: hash, client, policy: lockout, now: at(seconds), ...data },
});

export const failed = (seconds: number): SignInFailed => ({
  type: 'SignInFailed',
  data: { client, failedAt: at(seconds) },
});

/** One failure at each of these seconds. */
export const failures = (...seconds: readonly number[]): SignInFailed[] => seconds.map(failed);

/** That many failures, a second apart, the first at second `from`. */
export const failuresFrom = (from: number, count: number): SignInFailed[] =>
  Array.from({ length: count }, (_, i) => failed(from + i));

export const locked = (seconds: number): UserLocked => ({
  type: 'UserLocked',
  data: { lockedAt: at(seconds), lockedUntil: at(seconds + lockout.lockSeconds) },
});
