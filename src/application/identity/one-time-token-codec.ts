import type { IssuedToken } from '../../domain/one-time-token.ts';

/** Derives one-time tokens from a random id; the tokens themselves are never stored. */
export type OneTimeTokenCodec = Readonly<{
  /** Creates a token, in the form that events store. */
  mint(): Omit<IssuedToken, 'expiresAt'>;
  /** Derives the token for the mail; undefined when its key is no longer configured. */
  derive(issued: Omit<IssuedToken, 'expiresAt'>): string | undefined;
  /** Computes a token's SHA-256 (hex); undefined for malformed text. */
  hash(token: string): string | undefined;
}>;
