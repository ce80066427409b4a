/** What a link in a mail is for, and so which page it leads to. */
export type LinkKind =
  | 'email_verification'
  | 'password_reset'
  | 'email_change'
  | 'email_change_undo';

/** The pages, below the public address: the mails name the same ones. */
export const linkPaths: Readonly<Record<LinkKind, string>> = {
  email_verification: '/verify-email',
  password_reset: '/reset-password',
  email_change: '/confirm-email-change',
  email_change_undo: '/undo-email-change',
};
