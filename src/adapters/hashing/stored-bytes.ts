/** Decodes a text; `undefined` when it encodes no bytes. */
export type Decode = (text: string) => Buffer | undefined;

/** Accepts only canonical text, which encoding the bytes again reproduces. */
const decodeStrictly =
  (encode: (bytes: Buffer) => string, decode: (text: string) => Buffer): Decode =>
  (text) => {
    const bytes = decode(text);
    return encode(bytes) === text ? bytes : undefined;
  };

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** Decodes base64 with padding (RFC 4648, section 4). */
export const decodeBase64 = decodeStrictly((bytes) => bytes.toString('base64'), fromBase64);

/** Decodes base64 without padding, as in PHC strings. */
export const decodeUnpaddedBase64 = decodeStrictly(
  (bytes) => bytes.toString('base64').replace(/=+$/, ''),
  fromBase64,
);

/** Decodes lower-case hexadecimal. */
export const decodeHex = decodeStrictly(
  (bytes) => bytes.toString('hex'),
  (text) => Buffer.from(text, 'hex'),
);

/** Encodes a text as UTF-8, for a salt that is used as text. */
export const decodeText: Decode = (text) => Buffer.from(text);
