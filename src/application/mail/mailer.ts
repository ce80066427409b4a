import type { Instant } from '../../domain/instant.ts';

/** What a mail says. Whoever sends it chooses words, language and links. */
export type MailContent =
  /** Proves the address of a new account, or of one that never proved it. */
  | Readonly<{ kind: 'email_verification'; token: string; expiresAt: Instant }>
  /** Proves the address that a guest wants to keep the account under; who asked stays signed in. */
  | Readonly<{ kind: 'guest_upgrade'; token: string; expiresAt: Instant }>
  /** Somebody signed up with an address that has an account already. */
  | Readonly<{ kind: 'address_in_use' }>
  | Readonly<{ kind: 'password_reset'; token: string; expiresAt: Instant }>
  /** To the new address: proves it before it takes the place of the old one. */
  | Readonly<{ kind: 'email_change'; token: string; expiresAt: Instant }>
  /** To the old address: the token brings it back. */
  | Readonly<{ kind: 'email_changed'; token: string; expiresAt: Instant }>
  /** To an address that somebody wants to have in their household. */
  | Readonly<{ kind: 'household_invitation'; token: string; expiresAt: Instant }>
  | Readonly<{ kind: 'password_changed'; changedAt: Instant }>
  | Readonly<{ kind: 'account_locked'; lockedUntil: Instant }>;

/** One mail to one person. */
export type Mail = Readonly<{
  /** The same for every attempt to send it, so that a repeated one can be recognised. */
  id: string;
  /** An address as `parseEmailAddress` accepts it. */
  to: string;
  /** A language tag (RFC 5646), such as `de` or `en-GB`. */
  locale: string;
  content: MailContent;
}>;

/** The receiving side will never take this mail: trying again is useless. Holds no address. */
export class MailRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MailRefused';
  }
}

/** @throws MailRefused; any other error is a passing one, and the mail is to be tried again */
export type Mailer = Readonly<{ send(mail: Mail): Promise<void> }>;
