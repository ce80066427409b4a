import type { Instant } from '../../domain/instant.ts';

/** Pending accounts: nobody has shown that the address is theirs. */
export type UnverifiedAccounts = Readonly<{
  /** @returns ids, the oldest account first */
  registeredBefore(time: Instant): Promise<readonly string[]>;
}>;
