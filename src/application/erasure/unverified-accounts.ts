import type { Instant } from '../../domain/instant.ts';

/** Lists pending accounts, whose address was never verified. */
export type UnverifiedAccounts = Readonly<{
  /** @returns ids, the oldest account first */
  registeredBefore(time: Instant): Promise<readonly string[]>;
}>;
