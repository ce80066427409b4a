import type { IssuedToken } from '../../domain/one-time-token.ts';

/** One-time tokens are derived from a random id, never stored: see `IssuedToken`. */
export type OneTimeTokenCodec = Readonly<{
  /** A fresh token, as the log is to know it. */
  mint(): Omit<IssuedToken, 'expiresAt'>;
  /** The token itself, for the mail; undefined when its key is no longer known. */
  derive(issued: Omit<IssuedToken, 'expiresAt'>): string | undefined;
  /** SHA-256 (hex); undefined for what cannot be a token of ours. */
  hash(token: string): string | undefined;
}>;
