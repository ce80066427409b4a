/** A user agent is the thief's own words: none of them may talk to the auditor's terminal. */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
