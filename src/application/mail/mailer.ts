import type { Instant } from '../../domain/instant.ts';

/** The content of a mail. The mailer chooses words, language and links. */
export type MailContent =
  /** Verifies the address of an account. */
  | Readonly<{ kind: 'email_verification'; token: string; expiresAt: Instant }>
  /** Verifies the address of a guest's upgrade; the guest remains signed in. */
  | Readonly<{ kind: 'guest_upgrade'; token: string; expiresAt: Instant }>
  /** Notifies a user that another person registered with the user's address. */
  | Readonly<{ kind: 'address_in_use' }>
  | Readonly<{ kind: 'password_reset'; token: string; expiresAt: Instant }>
  /** Verifies the new address of a change; sent to the new address. */
  | Readonly<{ kind: 'email_change'; token: string; expiresAt: Instant }>
  /** Notifies of a change of address, with a token that reverts it; sent to the old address. */
  | Readonly<{ kind: 'email_changed'; token: string; expiresAt: Instant }>
  /** Invites the owner of an address to a household. */
  | Readonly<{ kind: 'household_invitation'; token: string; expiresAt: Instant }>
  | Readonly<{ kind: 'password_changed'; changedAt: Instant }>
  | Readonly<{ kind: 'account_locked'; lockedUntil: Instant }>;

/** A mail to one recipient. */
export type Mail = Readonly<{
  /** The same id for every attempt, so that a repeated mail can be recognised. */
  id: string;
  /** An address as `parseEmailAddress` accepts it. */
  to: string;
  /** A language tag (RFC 5646), such as `de` or `en-GB`. */
  locale: string;
  content: MailContent;
}>;

/** The mail server permanently refuses this mail. The message contains no address. */
export class MailRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MailRefused';
  }
}

/** Sends mails. @throws MailRefused; after any other error the mail is to be sent again */
export type Mailer = Readonly<{ send(mail: Mail): Promise<void> }>;
