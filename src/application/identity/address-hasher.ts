import type { AddressHashes } from '../../domain/household/household-commands.ts';

/**
 * Computes the keyed hashes of an e-mail address (HMAC-SHA256, hex): under the current key first,
 * then under earlier keys. An address is recognised by any of them.
 */
export type AddressHasher = (email: string) => AddressHashes;
