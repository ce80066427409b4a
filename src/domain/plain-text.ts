// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern refuses control characters
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * Trims and normalises (NFC) one line of text; undefined if empty, too long or with control
 * characters.
 */
export const parsePlainText = (text: string, maxCharacters: number): string | undefined => {
  const trimmed = text.normalize('NFC').trim();
  const fits = trimmed.length > 0 && [...trimmed].length <= maxCharacters;
  return fits && !CONTROL_CHARACTER.test(trimmed) ? trimmed : undefined;
};
