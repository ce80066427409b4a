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
    guest_upgrade: 'Keep your account with this e-mail address',
    address_in_use: 'You already have an account',
    password_reset: 'Choose a new password',
    email_change: 'Confirm your new e-mail address',
    email_changed: 'Your e-mail address was changed',
    household_invitation: 'You are invited to a household',
    password_changed: 'Your password was changed',
    account_locked: 'Your account is temporarily locked',
  },
  de: {
    email_verification: 'Bestätige deine E-Mail-Adresse',
    guest_upgrade: 'Behalte dein Konto mit dieser E-Mail-Adresse',
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

/** The lines that a mail program without styles shows. */
const visible = (html: string) =>
  html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, '\n')
    .split('\n')
    .filter((line) => line !== '');

describe('the languages of mails', () => {
  it('are those of this test', () => {
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
  ])('are chosen by the primary subtag: %j gets %s', (locale, tag) => {
    const { subject, html } = render(locale, 'password_reset');
    expect(subject).toBe(render(tag, 'password_reset').subject);
    expect(html).toContain(`<html lang="${tag}">`);
  });
});

describe.each(EVERY_MAIL)('the mail $kind in $locale', ({ locale, kind }) => {
  const { subject, text, html } = render(locale, kind);
  const link = LINKS[kind];

  it('has its subject also as title and heading', () => {
    expect(subject).toBe(SUBJECTS[locale][kind]);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).toContain(`>${subject}</h1>`);
  });

  it('contains only its link: once in the text, as link and as address in the HTML', () => {
    expect(linksIn(text)).toStrictEqual(link === undefined ? [] : [link]);
    expect(linksIn(visible(html).join('\n'))).toStrictEqual(link === undefined ? [] : [link]);
    expect(targetsIn(html)).toStrictEqual(link === undefined ? [] : [link, link]);
  });

  it('has the same content in text and HTML', () => {
    const paragraphs = text.split('\n').filter((line) => line !== '' && !line.endsWith(':'));
    expect(visible(html)).toStrictEqual(expect.arrayContaining(paragraphs));
  });

  it('loads no other resource and runs no script', () => {
    expect(html).not.toMatch(/<(img|link|script|style|iframe|form)\b|url\(|\bsrc=|\bon\w+=/i);
  });

  it('has no unfilled value', () => {
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

  it('is in the 24-hour format with 00 at midnight', () => {
    const content = { kind: 'account_locked', lockedUntil: '2026-12-31T00:09:00.000Z' } as const;
    expect(renderMail({ locale: 'en', content }, MAIL_PUBLIC_URL).text).toContain(
      '31 December 2026 at 00:09 UTC',
    );
    expect(renderMail({ locale: 'de', content }, MAIL_PUBLIC_URL).text).toContain(
      '31. Dezember 2026 um 00:09 Uhr UTC',
    );
  });
});

describe('a complete mail', () => {
  it('has this text', () => {
    expect(render('en', 'email_change').text).toBe(
      `Hello,

You asked to use this e-mail address for your account. Please confirm that it is yours.

Use this e-mail address:
https://auth.example.org/accounts/confirm-email-change?token=lkv_abc-DEF_123

The link works once, until 7 March 2026 at 14:05 UTC. Your account keeps its old address until you use the link.

If you did not request this change, ignore this mail. Nothing changes unless you use the link.

This is an automatic mail from auth.example.org. Replies are not read.
`,
    );
  });
});

describe('a hostile token in a mail', () => {
  const token = `"><script>alert('1')</script>&x=y#\r\nBcc: eve@example.com`;
  const expiresAt = '2026-03-07T14:05:00.000Z';

  it.each(LOCALES)('adds nothing to the mail but a query parameter (%s)', (locale) => {
    const content = { kind: 'password_reset', token, expiresAt } as const;
    const { subject, text, html } = renderMail({ locale, content }, MAIL_PUBLIC_URL);
    const [link = ''] = linksIn(text);
    expect(new URL(link).searchParams.get('token')).toBe(token);
    expect(new URL(link).hash).toBe('');
    expect([subject, text, html].join()).not.toMatch(/<script|Bcc: |"&gt;/);
  });
});

describe('a public URL with special characters of HTML', () => {
  it('is escaped in the HTML of a mail', () => {
    const content = mailContents.password_reset;
    const { text, html } = renderMail({ locale: 'en', content }, 'http://localhost:3000/a&b\'"<i>');
    expect(text).toContain('http://localhost:3000/a&b\'"<i>/reset-password?token=');
    expect(targetsIn(html)[0]).toBe(
      'http://localhost:3000/a&amp;b&#39;&quot;&lt;i&gt;/reset-password?token=lkv_abc-DEF_123',
    );
    expect(html).not.toContain('<i>');
    expect(html).toContain('This is an automatic mail from localhost:3000.');
  });
});
