import type { Instant } from './instant.ts';

/** The one purpose that a one-time token can be used for. */
export type OneTimeTokenType =
  | 'email_verification'
  | 'password_reset'
  | 'email_change'
  | 'email_change_undo'
  | 'household_invitation';

/**
 * A one-time token as events store it: never the token itself, but its SHA-256 (hex) and the inputs
 * that derive it again, with the master key, when the mail is composed.
 */
export type IssuedToken = Readonly<{
  /** 32 random bytes, hex. */
  id: string;
  keyId: number;
  tokenHash: string;
  expiresAt: Instant;
}>;

/** Checks that `tokenHash` is that of the issued token and that the token has not expired. */
export const isLiveToken = (
  issued: IssuedToken | undefined,
  tokenHash: string,
  now: Instant,
): issued is IssuedToken => issued?.tokenHash === tokenHash && now < issued.expiresAt;
