import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/** An identifier or id that an imported account requests. */
export type WantedKey = Readonly<{ kind: SignInIdentifier['kind'] | 'id'; value: string }>;

/**
 * A key that an account has. `checksum`: that of the line from which the account was imported; null
 * for another origin. `erased`: the id of an erased user, which is never reused.
 */
export type KnownKey = WantedKey &
  Readonly<{ userId: string; checksum: string | null; erased: boolean }>;

/** Finds existing accounts for many requested keys at once. */
export type ImportDirectory = Readonly<{
  /** Finds the taken keys, unconfirmed claims included, in one round trip. */
  find(wanted: readonly WantedKey[]): Promise<readonly KnownKey[]>;
}>;
