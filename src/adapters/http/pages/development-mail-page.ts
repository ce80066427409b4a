import type { Instant } from '../../../domain/instant.ts';
import { escapeHtml } from './escape-html.ts';

/** A mail that the development server keeps instead of sending it. */
export type DevelopmentMail = Readonly<{
  to: string;
  subject: string;
  text: string;
  html: string;
  sentAt: Instant;
}>;

const STYLE = `
  body { max-width: 48em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 sans-serif; }
  article { margin: 1.5em 0; padding: 0 1em 1em; border: 1px solid #9ca3af; border-radius: 8px; }
  h2 { margin-bottom: 0; font-size: 1.1em; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 32em; border: 1px solid #9ca3af; background: #ffffff; }`;

const LINK = /(https?:\/\/[^\s<>"']+)/;

/** Escapes text and turns web addresses into links; `split` puts the captured ones at odd indexes. */
const withLinks = (text: string): string =>
  text
    .split(LINK)
    .map(escapeHtml)
    .map((part, index) =>
      index % 2 === 1 ? `<a href="${part}" rel="noreferrer">${part}</a>` : part,
    )
    .join('');

const article = ({ to, subject, text, html, sentAt }: DevelopmentMail): string => `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To <strong>${escapeHtml(to)}</strong>, <time datetime="${escapeHtml(sentAt)}">${escapeHtml(sentAt)}</time></p>
<pre>${withLinks(text)}</pre>
<details><summary>HTML</summary>
<iframe sandbox="" loading="lazy" title="HTML" srcdoc="${escapeHtml(html)}"></iframe>
</details>
</article>`;

/** Renders the mails, newest first, without scripts; a sandboxed frame holds the HTML of each. */
export const developmentMailPage = (mails: readonly DevelopmentMail[]): string => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mails</title>
<style>${STYLE}
</style></head>
<body>
<h1>Mails</h1>
<p>This is a development server: it shows mails here instead of sending them.</p>
${mails.length === 0 ? '<p>There are no mails yet.</p>' : mails.toReversed().map(article).join('\n')}
</body>
</html>
`;
