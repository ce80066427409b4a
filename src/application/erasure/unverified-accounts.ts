import type { Instant } from '../../domain/instant.ts';

/** Finds pending accounts, whose address is not verified. */
export type UnverifiedAccounts = Readonly<{
  /** @returns user ids, the oldest account first */
  registeredBefore(time: Instant): Promise<readonly string[]>;
}>;
