import type { MailLanguage } from './languages/mail-language.ts';

/** The texts of a mail in one language, with its link. */
export type Message = Readonly<{
  subject: string;
  before: readonly string[];
  link?: Readonly<{ label: string; url: string }>;
  after: readonly string[];
}>;

const STYLE = {
  body: 'margin:0;padding:24px 12px;background:#f3f4f6;color:#1f2937;font:16px/1.5 sans-serif',
  card: 'max-width:34em;margin:0 auto;padding:12px 28px;background:#ffffff;border-radius:8px',
  heading: 'margin:16px 0;font-size:20px;line-height:1.3',
  button:
    'display:inline-block;padding:10px 18px;background:#1d4ed8;color:#ffffff;border-radius:6px',
  small: 'font-size:13px;color:#4b5563;word-break:break-all',
  footer: 'max-width:42em;margin:16px auto 0;font-size:13px;color:#4b5563;text-align:center',
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

/** Renders the plain-text part of a mail. */
export const layOutText = (language: MailLanguage, message: Message, host: string): string => {
  const { before, link, after } = message;
  const paragraphs = [
    language.greeting,
    ...before,
    ...(link === undefined ? [] : [`${link.label}:\n${link.url}`]),
    ...after,
    language.footer(host),
  ];
  return `${paragraphs.join('\n\n')}\n`;
};

const linkHtml = ({ copyLink }: MailLanguage, { label, url }: NonNullable<Message['link']>) => {
  const href = escapeHtml(url);
  return [
    `<p><a href="${href}" style="${STYLE.button}">${escapeHtml(label)}</a></p>`,
    `<p style="${STYLE.small}">${escapeHtml(copyLink)}<br><a href="${href}">${href}</a></p>`,
  ];
};

/** Renders the HTML part. It loads no other resource and is readable without its styles. */
export const layOutHtml = (language: MailLanguage, message: Message, host: string): string => {
  const { subject, before, link, after } = message;
  const title = escapeHtml(subject);
  return [
    '<!DOCTYPE html>',
    `<html lang="${language.tag}">`,
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${title}</title></head>`,
    `<body style="${STYLE.body}">`,
    `<div style="${STYLE.card}">`,
    `<h1 style="${STYLE.heading}">${title}</h1>`,
    ...[language.greeting, ...before].map(paragraph),
    ...(link === undefined ? [] : linkHtml(language, link)),
    ...after.map(paragraph),
    '</div>',
    `<p style="${STYLE.footer}">${escapeHtml(language.footer(host))}</p>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
};
