import { createHmac } from 'node:crypto';
import type { DerivedKey } from '../ports/key-ring.ts';
import { encodeTypeId } from './type-id.ts';

const UUID_BYTES = 16;

/**
 * HMAC-SHA256 in lower-case hex: what an account was imported from. Under a key, because it stays in
 * the log in plain, and a line without a password hash is soon guessed.
 */
export const createImportChecksum =
  ({ bytes: key }: DerivedKey) =>
  (text: string): string =>
    createHmac('sha256', key).update(text).digest('hex');

/**
 * Ids for accounts whose import names none: a TypeID over a UUIDv8 (RFC 9562, 5.8) that follows from
 * what the account was imported from, so that the same import gives the same id. Under a key
 * as well: an id is seen by others.
 */
export const createImportedUserIds =
  ({ bytes: key }: DerivedKey) =>
  (checksum: string): string => {
    const uuid = createHmac('sha256', key).update(checksum).digest().subarray(0, UUID_BYTES);
    uuid.writeUInt8(0x80 | (uuid.readUInt8(6) & 0x0f), 6);
    uuid.writeUInt8(0x80 | (uuid.readUInt8(8) & 0x3f), 8);
    return encodeTypeId('user', uuid);
  };
