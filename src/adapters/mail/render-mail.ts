import type { Mail, MailContent } from '../../application/mail/mailer.ts';
import type { MailLanguage } from './languages/mail-language.ts';
import { languageFor } from './languages/mail-languages.ts';
import { layOutHtml, layOutText, type Message } from './mail-layout.ts';
import { mailLink } from './mail-links.ts';

export type RenderedMail = Readonly<{ subject: string; text: string; html: string }>;

const messageFor = (
  { words, writeTime }: MailLanguage,
  content: MailContent,
  publicUrl: string,
): Message => {
  const plain = ({ subject, paragraphs }: typeof words.address_in_use): Message => ({
    subject,
    before: paragraphs,
    after: [],
  });
  switch (content.kind) {
    case 'address_in_use':
      return plain(words.address_in_use);
    case 'password_changed':
      return plain(words.password_changed(writeTime(content.changedAt)));
    case 'account_locked':
      return plain(words.account_locked(writeTime(content.lockedUntil)));
    case 'email_verification':
    case 'guest_upgrade':
    case 'password_reset':
    case 'email_change':
    case 'email_changed':
    case 'household_invitation': {
      const { link: label, ...message } = words[content.kind](writeTime(content.expiresAt));
      return { ...message, link: { label, url: mailLink(publicUrl, content) } };
    }
  }
};

/**
 * Renders a mail in the recipient's language. It contains no text that a user wrote, because users
 * could send spam with it.
 *
 * @param publicUrl base of the links; without a trailing slash
 */
export const renderMail = (
  { locale, content }: Pick<Mail, 'locale' | 'content'>,
  publicUrl: string,
): RenderedMail => {
  const language = languageFor(locale);
  const message = messageFor(language, content, publicUrl);
  const { host } = new URL(publicUrl);
  return {
    subject: message.subject,
    text: layOutText(language, message, host),
    html: layOutHtml(language, message, host),
  };
};
