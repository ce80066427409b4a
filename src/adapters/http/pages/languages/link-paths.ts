/** The purpose of a link in a mail, which determines the page it opens. */
export type LinkKind =
  | 'email_verification'
  | 'password_reset'
  | 'email_change'
  | 'email_change_undo';

/** The paths of the link pages below the public URL; links in mails use the same ones. */
export const linkPaths: Readonly<Record<LinkKind, string>> = {
  email_verification: '/verify-email',
  password_reset: '/reset-password',
  email_change: '/confirm-email-change',
  email_change_undo: '/undo-email-change',
};
