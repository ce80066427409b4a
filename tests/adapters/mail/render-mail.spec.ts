import { describe, expect, it } from 'vitest';
import { mailLanguages } from '../../../src/adapters/mail/languages/mail-languages.ts';
import { renderMail } from '../../../src/adapters/mail/render-mail.ts';
import type { MailContent } from '../../../src/application/mail/mailer.ts';
import { MAIL_PUBLIC_URL, mailContents } from '../../support/mail/mail-fixtures.ts';

type Kind = MailContent['kind'];

const LOCALES = ['en', 'de'] as const;
const KINDS = Object.keys(mailContents) as Kind[];
const EVERY_MAIL = LOCALES.flatMap((locale) => KINDS.map((kind) => ({ locale, kind })));

const SUBJECTS = {
  en: {
    email_verification: 'Confirm your e-mail address',
    guest_upgrade: 'Keep your account under this address',
    address_in_use: 'You already have an account',
    password_reset: 'Choose a new password',
    email_change: 'Confirm your new e-mail address',
    email_changed: 'Your e-mail address was changed',
    household_invitation: 'You are invited to a household',
    password_changed: 'Your password was changed',
    account_locked: 'Your account is locked for now',
  },
  de: {
    email_verification: 'Bestätige deine E-Mail-Adresse',
    guest_upgrade: 'Dein Konto unter dieser Adresse behalten',
    address_in_use: 'Du hast schon ein Konto',
    password_reset: 'Wähle ein neues Passwort',
    email_change: 'Bestätige deine neue E-Mail-Adresse',
    email_changed: 'Deine E-Mail-Adresse wurde geändert',
    household_invitation: 'Du bist in einen Haushalt eingeladen',
    password_changed: 'Dein Passwort wurde geändert',
    account_locked: 'Dein Konto ist vorübergehend gesperrt',
  },
} satisfies Record<string, Record<Kind, string>>;

const LINKS: Partial<Record<Kind, string>> = {
  email_verification: `${MAIL_PUBLIC_URL}/verify-email?token=lkv_abc-DEF_123`,
  guest_upgrade: `${MAIL_PUBLIC_URL}/verify-email?token=lkv_abc-DEF_123`,
  password_reset: `${MAIL_PUBLIC_URL}/reset-password?token=lkv_abc-DEF_123`,
  email_change: `${MAIL_PUBLIC_URL}/confirm-email-change?token=lkv_abc-DEF_123`,
  email_changed: `${MAIL_PUBLIC_URL}/undo-email-change?token=lkv_abc-DEF_123`,
  household_invitation: `${MAIL_PUBLIC_URL}/invitation?token=lkv_abc-DEF_123`,
};

const render = (locale: string, kind: Kind) =>
  renderMail({ locale, content: mailContents[kind] }, MAIL_PUBLIC_URL);

const linksIn = (text: string) => text.match(/\w+:\/\/[^\s"<]+/g) ?? [];

const targetsIn = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);

/** What a reader without styles sees. */
const visible = (html: string) =>
  html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, '\n')
    .split('\n')
    .filter((line) => line !== '');

describe('the languages', () => {
  it('are those tried here', () => {
    expect(mailLanguages.map(({ tag }) => tag)).toStrictEqual([...LOCALES]);
  });

  it.each([
    ['en', 'en'],
    ['en-GB', 'en'],
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de'],
    ['de-Latn-CH-1901', 'de'],
    ['fr', 'en'],
    ['den', 'en'],
    ['x-de', 'en'],
    ['', 'en'],
    ['__proto__', 'en'],
  ])('are chosen by the primary subtag: %j reads %s', (locale, tag) => {
    const { subject, html } = render(locale, 'password_reset');
    expect(subject).toBe(render(tag, 'password_reset').subject);
    expect(html).toContain(`<html lang="${tag}">`);
  });
});

describe.each(EVERY_MAIL)('the mail $kind in $locale', ({ locale, kind }) => {
  const { subject, text, html } = render(locale, kind);
  const link = LINKS[kind];

  it('has its subject, as the title and the heading too', () => {
    expect(subject).toBe(SUBJECTS[locale][kind]);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).toContain(`>${subject}</h1>`);
  });

  it('holds its link and no other, once in the text, to click and to copy in the HTML', () => {
    expect(linksIn(text)).toStrictEqual(link === undefined ? [] : [link]);
    expect(linksIn(visible(html).join('\n'))).toStrictEqual(link === undefined ? [] : [link]);
    expect(targetsIn(html)).toStrictEqual(link === undefined ? [] : [link, link]);
  });

  it('says the same in text and HTML', () => {
    const paragraphs = text.split('\n').filter((line) => line !== '' && !line.endsWith(':'));
    expect(visible(html)).toStrictEqual(expect.arrayContaining(paragraphs));
  });

  it('loads nothing from elsewhere and runs nothing', () => {
    expect(html).not.toMatch(/<(img|link|script|style|iframe|form)\b|url\(|\bsrc=|\bon\w+=/i);
  });

  it('has no gaps', () => {
    expect(text + html).not.toMatch(/undefined|null|NaN|\[object|\$\{|Invalid Date/);
  });
});

describe('a time in a mail', () => {
  const withTime = KINDS.filter((kind) => kind !== 'address_in_use');

  it.each(withTime)('is written out in UTC: %s', (kind) => {
    const english = render('en', kind);
    expect(english.text).toContain('7 March 2026 at 14:05 UTC');
    expect(english.html).toContain('7 March 2026 at 14:05 UTC');
    const german = render('de', kind);
    expect(german.text).toContain('7. März 2026 um 14:05 Uhr UTC');
    expect(german.html).toContain('7. März 2026 um 14:05 Uhr UTC');
  });

  it('is on the clock of 24 hours, midnight being 00', () => {
    const content = { kind: 'account_locked', lockedUntil: '2026-12-31T00:09:00.000Z' } as const;
    expect(renderMail({ locale: 'en', content }, MAIL_PUBLIC_URL).text).toContain(
      '31 December 2026 at 00:09 UTC',
    );
    expect(renderMail({ locale: 'de', content }, MAIL_PUBLIC_URL).text).toContain(
      '31. Dezember 2026 um 00:09 Uhr UTC',
    );
  });
});

describe('a mail as a whole', () => {
  it('reads like this', () => {
    expect(render('en', 'email_change').text).toBe(
      `Hello,

This is to become the e-mail address of your account. Please confirm that it is yours.

Use this e-mail address:
https://auth.example.org/accounts/confirm-email-change?token=lkv_abc-DEF_123

The link works once, until 7 March 2026 at 14:05 UTC. Your account keeps its old address until you use it.

If you did not ask for this change, ignore this mail: nothing changes unless the link is used.

Sent automatically by auth.example.org. Nobody reads replies.
`,
    );
  });
});

describe('a token that is not one', () => {
  const token = `"><script>alert('1')</script>&x=y#\r\nBcc: eve@example.com`;
  const expiresAt = '2026-03-07T14:05:00.000Z';

  it.each(LOCALES)('gets nothing into the mail but a query parameter (%s)', (locale) => {
    const content = { kind: 'password_reset', token, expiresAt } as const;
    const { subject, text, html } = renderMail({ locale, content }, MAIL_PUBLIC_URL);
    const [link = ''] = linksIn(text);
    expect(new URL(link).searchParams.get('token')).toBe(token);
    expect(new URL(link).hash).toBe('');
    expect([subject, text, html].join()).not.toMatch(/<script|Bcc: |"&gt;/);
  });
});

describe('a public address with characters that mean something in HTML', () => {
  it('is escaped there', () => {
    const content = mailContents.password_reset;
    const { text, html } = renderMail({ locale: 'en', content }, 'http://localhost:3000/a&b\'"<i>');
    expect(text).toContain('http://localhost:3000/a&b\'"<i>/reset-password?token=');
    expect(targetsIn(html)[0]).toBe(
      'http://localhost:3000/a&amp;b&#39;&quot;&lt;i&gt;/reset-password?token=lkv_abc-DEF_123',
    );
    expect(html).not.toContain('<i>');
    expect(html).toContain('Sent automatically by localhost:3000.');
  });
});
