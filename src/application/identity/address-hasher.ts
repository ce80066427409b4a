import type { AddressHashes } from '../../domain/household/household-commands.ts';

/**
 * Keyed hashes of e-mail addresses (HMAC-SHA256, hex), the current key's first: an address is
 * recognised by any of them.
 */
export type AddressHasher = (email: string) => AddressHashes;
