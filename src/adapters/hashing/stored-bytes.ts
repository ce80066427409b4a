/** `undefined` for a text that encodes no bytes. */
export type Decode = (text: string) => Buffer | undefined;

/**
 * Reads nothing but what encoding the bytes again gives back: one text for each sequence of bytes.
 */
const decodeStrictly =
  (encode: (bytes: Buffer) => string, decode: (text: string) => Buffer): Decode =>
  (text) => {
    const bytes = decode(text);
    return encode(bytes) === text ? bytes : undefined;
  };

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** Base64 with its padding (RFC 4648, section 4). */
export const decodeBase64 = decodeStrictly((bytes) => bytes.toString('base64'), fromBase64);

/** Base64 without padding, as in PHC strings. */
export const decodeUnpaddedBase64 = decodeStrictly(
  (bytes) => bytes.toString('base64').replace(/=+$/, ''),
  fromBase64,
);

/** Hexadecimal digits in lower case. */
export const decodeHex = decodeStrictly(
  (bytes) => bytes.toString('hex'),
  (text) => Buffer.from(text, 'hex'),
);

/** The UTF-8 of a text that is its own encoding: a salt of letters and digits, say. */
export const decodeText: Decode = (text) => Buffer.from(text);
