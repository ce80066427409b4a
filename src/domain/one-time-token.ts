import type { Instant } from './instant.ts';

/** The purpose of a one-time token; it has no other use. */
export type OneTimeTokenType =
  | 'email_verification'
  | 'password_reset'
  | 'email_change'
  | 'email_change_undo'
  | 'household_invitation';

/**
 * A one-time token as the log knows it: never the token, only its SHA-256 (hex), and what the holder
 * of the master key derives it from again for the mail.
 */
export type IssuedToken = Readonly<{
  /** 32 random bytes, hex. */
  id: string;
  keyId: number;
  tokenHash: string;
  expiresAt: Instant;
}>;

/** Tells whether `tokenHash` is the token that was issued and has not expired. */
export const isLiveToken = (
  issued: IssuedToken | undefined,
  tokenHash: string,
  now: Instant,
): issued is IssuedToken => issued?.tokenHash === tokenHash && now < issued.expiresAt;
