import { createHmac } from 'node:crypto';
import type { DerivedKey } from '../ports/key-ring.ts';
import { encodeTypeId } from './type-id.ts';

const UUID_BYTES = 16;

/**
 * Computes the checksum of an imported line: HMAC-SHA256 in lower-case hex. It is keyed because it
 * stays in the log in plain text, and a line without a password hash could be guessed.
 */
export const createImportChecksum =
  ({ bytes: key }: DerivedKey) =>
  (text: string): string =>
    createHmac('sha256', key).update(text).digest('hex');

/**
 * Derives ids for imported accounts without one: a TypeID over a UUIDv8 (RFC 9562, 5.8) of the
 * line's checksum, so that the same import yields the same id. It is keyed because other users see
 * ids.
 */
export const createImportedUserIds =
  ({ bytes: key }: DerivedKey) =>
  (checksum: string): string => {
    const uuid = createHmac('sha256', key).update(checksum).digest().subarray(0, UUID_BYTES);
    uuid.writeUInt8(0x80 | (uuid.readUInt8(6) & 0x0f), 6);
    uuid.writeUInt8(0x80 | (uuid.readUInt8(8) & 0x3f), 8);
    return encodeTypeId('user', uuid);
  };
