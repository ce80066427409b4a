/** Crockford's base32 in lower case: no i, l, o, u (TypeID specification 0.3). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const UUID_BYTES = 16;
const SUFFIX_LENGTH = 26;
const BITS_PER_CHARACTER = 5;

// 26 characters hold 130 bits, a UUID has 128: the first character never exceeds 7.
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/**
 * Encodes a UUID as `<prefix>_` and 26 characters; ids of one prefix sort like their UUIDs.
 * @throws RangeError unless `uuid` has 16 bytes
 */
export const encodeTypeId = (prefix: string, uuid: Uint8Array): string => {
  if (uuid.length !== UUID_BYTES) throw new RangeError(`a UUID has ${UUID_BYTES} bytes`);
  let suffix = '';
  // The two bits missing from 130 are zeros in front.
  let pending = 0;
  let pendingBits = 2;
  for (const byte of uuid) {
    pending = (pending << 8) | byte;
    pendingBits += 8;
    while (pendingBits >= BITS_PER_CHARACTER) {
      pendingBits -= BITS_PER_CHARACTER;
      suffix += ALPHABET.charAt(pending >> pendingBits);
      pending &= (1 << pendingBits) - 1;
    }
  }
  return `${prefix}_${suffix}`;
};

/**
 * Whether `text` is a TypeID of that prefix. Does not check the UUID's version: nil is valid, too.
 */
export const isTypeId = (prefix: string, text: string): boolean =>
  text.length === prefix.length + 1 + SUFFIX_LENGTH &&
  text.startsWith(`${prefix}_`) &&
  SUFFIX.test(text.slice(prefix.length + 1));
