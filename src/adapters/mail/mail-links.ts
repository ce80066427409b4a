import type { LinkedContent } from './languages/mail-language.ts';

/** The paths of the pages below the public URL that accept a token from a mail. */
const PATHS: Readonly<Record<LinkedContent['kind'], string>> = {
  email_verification: '/verify-email',
  guest_upgrade: '/verify-email',
  password_reset: '/reset-password',
  email_change: '/confirm-email-change',
  email_changed: '/undo-email-change',
  household_invitation: '/invitation',
};

/** Builds a link from configuration alone: a `Host` header must not choose where a token goes. */
export const mailLink = (publicUrl: string, { kind, token }: LinkedContent): string =>
  `${publicUrl}${PATHS[kind]}?token=${encodeURIComponent(token)}`;
