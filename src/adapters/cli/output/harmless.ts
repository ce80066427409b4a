/** Replaces control characters: a client chooses its user agent, which must not control a terminal. */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
