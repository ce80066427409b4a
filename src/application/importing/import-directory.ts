import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';

/** What an import wants for an account: an identifier, or its id. */
export type WantedKey = Readonly<{ kind: SignInIdentifier['kind'] | 'id'; value: string }>;

/**
 * Somebody has it. `checksum`: of the line the account was imported from; null when it was not.
 * `erased`: had it as an id, which nobody gets again.
 */
export type KnownKey = WantedKey &
  Readonly<{ userId: string; checksum: string | null; erased: boolean }>;

/** Who is there already, for many accounts at once. */
export type ImportDirectory = Readonly<{
  /** Those that are taken, claims nobody confirmed yet included. One round trip. */
  find(wanted: readonly WantedKey[]): Promise<readonly KnownKey[]>;
}>;
