import type { MailContent } from '../../../application/mail/mailer.ts';
import type { Instant } from '../../../domain/instant.ts';

/** Contents that let the reader do something by following a link. */
export type LinkedContent = Extract<MailContent, { token: string }>;

/** Paragraphs, one sentence or a few each. Nothing in them comes from a user. */
type PlainWords = Readonly<{ subject: string; paragraphs: readonly string[] }>;

type LinkedWords = Readonly<{
  subject: string;
  before: readonly string[];
  /** What following the link does. */
  link: string;
  after: readonly string[];
}>;

/** One language, whole: a mail without words in it does not compile. */
export type MailLanguage = Readonly<{
  /** Primary language subtag (RFC 5646, 2.2.1). */
  tag: string;
  /** A time as it stands in a sentence; always UTC, as nobody knows where it is read. */
  writeTime: (instant: Instant) => string;
  greeting: string;
  /** Stands before the address of the link, for whom the link itself does not work. */
  copyLink: string;
  /** Who sent this; `host` is where the accounts are. */
  footer: (host: string) => string;
  words: Readonly<
    Record<LinkedContent['kind'], (until: string) => LinkedWords> & {
      address_in_use: PlainWords;
      password_changed: (changedAt: string) => PlainWords;
      account_locked: (until: string) => PlainWords;
    }
  >;
}>;

/** Two parts: how they are joined differs between languages, and between versions of `Intl`. */
export const utcDateAndTime = (tag: string, instant: Instant): readonly [string, string] => {
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }).format(new Date(instant));
  return [
    write({ day: 'numeric', month: 'long', year: 'numeric' }),
    write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  ];
};
