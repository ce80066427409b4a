import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/** An identifier or an id that an import asks for. */
export type WantedKey = Readonly<{ kind: SignInIdentifier['kind'] | 'id'; value: string }>;

/**
 * The user who has it. `checksum`: of the line the account was imported from; null when it was not.
 * `erased`: it was the id of an erased user, which is never given again.
 */
export type KnownKey = WantedKey &
  Readonly<{ userId: string; checksum: string | null; erased: boolean }>;

/** Finds existing accounts, for many keys at once. */
export type ImportDirectory = Readonly<{
  /** Finds the keys that are taken, unconfirmed claims included. One round trip. */
  find(wanted: readonly WantedKey[]): Promise<readonly KnownKey[]>;
}>;
