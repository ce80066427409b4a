import type { Mail, MailContent } from '../../../src/application/mail/mailer.ts';

export const MAIL_PUBLIC_URL = 'https://auth.example.org/accounts';

const token = 'lkv_abc-DEF_123';
const expiresAt = '2026-03-07T14:05:59.000Z';

/** The content of a mail of every kind. */
export const mailContents = {
  email_verification: { kind: 'email_verification', token, expiresAt },
  guest_upgrade: { kind: 'guest_upgrade', token, expiresAt },
  address_in_use: { kind: 'address_in_use' },
  password_reset: { kind: 'password_reset', token, expiresAt },
  email_change: { kind: 'email_change', token, expiresAt },
  email_changed: { kind: 'email_changed', token, expiresAt },
  household_invitation: { kind: 'household_invitation', token, expiresAt },
  password_changed: { kind: 'password_changed', changedAt: expiresAt },
  account_locked: { kind: 'account_locked', lockedUntil: expiresAt },
} satisfies { [Kind in MailContent['kind']]: Extract<MailContent, { kind: Kind }> };

/** A mail with a link to the address of Ann. */
export const aMail = (parts: Partial<Mail> = {}): Mail => ({
  id: '01959f0e-0000-7000-8000-000000000001',
  to: 'ann@example.com',
  locale: 'en',
  content: mailContents.email_verification,
  ...parts,
});
