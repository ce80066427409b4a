import type { Instant } from '../../domain/instant.ts';

/** The content of a mail. The mailer chooses words, language and links. */
export type MailContent =
  /** Verifies the address of a new account, or of an older unverified one. */
  | Readonly<{ kind: 'email_verification'; token: string; expiresAt: Instant }>
  /** Verifies the address for a guest's account; the guest stays signed in. */
  | Readonly<{ kind: 'guest_upgrade'; token: string; expiresAt: Instant }>
  /** A sign-up used an address that has an account already. */
  | Readonly<{ kind: 'address_in_use' }>
  | Readonly<{ kind: 'password_reset'; token: string; expiresAt: Instant }>
  /** Goes to the new address and verifies it before it replaces the old one. */
  | Readonly<{ kind: 'email_change'; token: string; expiresAt: Instant }>
  /** Goes to the old address; its token undoes the change. */
  | Readonly<{ kind: 'email_changed'; token: string; expiresAt: Instant }>
  /** Goes to an address that was invited to a household. */
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
