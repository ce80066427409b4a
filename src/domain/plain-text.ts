// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** One line of human text, trimmed and NFC; `undefined` when empty, too long or holding control characters. */
export const parsePlainText = (text: string, maxCharacters: number): string | undefined => {
  const trimmed = text.normalize('NFC').trim();
  const fits = trimmed.length > 0 && [...trimmed].length <= maxCharacters;
  return fits && !CONTROL_CHARACTER.test(trimmed) ? trimmed : undefined;
};
