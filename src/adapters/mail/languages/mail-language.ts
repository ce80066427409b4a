import type { MailContent } from '../../../application/mail/mailer.ts';
import type { Instant } from '../../../domain/instant.ts';

/** The contents whose mail contains a link. */
export type LinkedContent = Extract<MailContent, { token: string }>;

/** The texts of a mail without a link. Nothing in them comes from a user. */
type PlainWords = Readonly<{ subject: string; paragraphs: readonly string[] }>;

type LinkedWords = Readonly<{
  subject: string;
  before: readonly string[];
  /** The label of the link: what opening it does. */
  link: string;
  after: readonly string[];
}>;

/** All texts of one language: a kind of mail without a text in it does not compile. */
export type MailLanguage = Readonly<{
  /** Primary language subtag (RFC 5646, 2.2.1). */
  tag: string;
  /** Writes a time as part of a sentence; in UTC, since the reader's time zone is unknown. */
  writeTime: (instant: Instant) => string;
  greeting: string;
  /** Introduces the address of the link, for mail programs in which the link does not work. */
  copyLink: string;
  /** Names the sender; `host` is the host of the public URL. */
  footer: (host: string) => string;
  words: Readonly<
    Record<LinkedContent['kind'], (until: string) => LinkedWords> & {
      address_in_use: PlainWords;
      password_changed: (changedAt: string) => PlainWords;
      account_locked: (until: string) => PlainWords;
    }
  >;
}>;

/** Formats date and time apart: joining them differs between languages and versions of `Intl`. */
export const utcDateAndTime = (tag: string, instant: Instant): readonly [string, string] => {
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }).format(new Date(instant));
  return [
    write({ day: 'numeric', month: 'long', year: 'numeric' }),
    write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  ];
};
