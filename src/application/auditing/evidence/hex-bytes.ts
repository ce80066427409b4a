const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const DIGITS = new Map([...'0123456789abcdef'].map((digit, value) => [digit.charCodeAt(0), value]));

export const toHex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
};

/** Writes the hex digits of `text` to `bytes` at `offset`; other characters count as zero. */
export const writeHex = (text: string, bytes: Uint8Array, offset: number, length: number): void => {
  for (let i = 0; i < length; i += 1) {
    const high = DIGITS.get(text.charCodeAt(2 * i)) ?? 0;
    const low = DIGITS.get(text.charCodeAt(2 * i + 1)) ?? 0;
    bytes[offset + i] = high * 16 + low;
  }
};
