import { escapeHtml } from './escape-html.ts';
import type { Notice, PageLanguage } from './languages/page-language.ts';

/** A form with one button and the fields it sends. */
export type Form = Readonly<{
  /** A relative URL, so that it stays below any path prefix that a proxy adds. */
  action: string;
  token: string;
  button: string;
  /** The hidden field `decision`, where a page has several forms. */
  decision?: string;
  displayName?: Readonly<{ label: string; value: string; refused: boolean }> | undefined;
  newPassword: (PageLanguage['newPassword'] & Readonly<{ refused: boolean }>) | undefined;
}>;

type Page = Notice & Readonly<{ alert?: string | undefined; forms?: readonly Form[] }>;

// Text has a contrast of at least 4.5 to 1 against its background (WCAG 2.2, 1.4.3).
const STYLE = `
  body { margin: 0; padding: 1.5em .75em; background: #f3f4f6; color: #1f2937; font: 16px/1.5 sans-serif; }
  main { max-width: 34em; margin: 0 auto; padding: .75em 1.75em 1.75em; background: #ffffff; border-radius: 8px; }
  h1 { margin: .8em 0; font-size: 1.4em; line-height: 1.3; }
  label { display: block; font-weight: bold; }
  input { box-sizing: border-box; width: 100%; padding: .6em; border: 1px solid #6b7280; border-radius: 6px; font: inherit; }
  button { padding: .65em 1.2em; border: 0; border-radius: 6px; background: #1d4ed8; color: #ffffff; font: inherit; cursor: pointer; }
  input:focus-visible, button:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
  [role=alert] { padding: .6em .9em; border-left: 4px solid #b91c1c; background: #fef2f2; color: #991b1b; }
  form { margin: 1em 0; }
  #hint { margin-top: .4em; color: #4b5563; }`;

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

const passwordField = ({ label, hint, refused }: NonNullable<Form['newPassword']>) => [
  `<label for="new-password">${escapeHtml(label)}</label>`,
  // No `maxlength`: it silently truncates pasted text, and counts UTF-16 units, not code points.
  `<input type="password" id="new-password" name="newPassword" autocomplete="new-password" required ${
    refused ? 'aria-invalid="true" aria-describedby="refusal hint"' : 'aria-describedby="hint"'
  }>`,
  `<p id="hint">${escapeHtml(hint)}</p>`,
];

const nameField = ({ label, value, refused }: NonNullable<Form['displayName']>) => [
  `<label for="display-name">${escapeHtml(label)}</label>`,
  `<input id="display-name" name="displayName" autocomplete="name" required value="${escapeHtml(value)}"${
    refused ? ' aria-invalid="true" aria-describedby="refusal"' : ''
  }>`,
];

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;

const layOutForm = (form: Form): readonly string[] => [
  `<form method="post" action="${escapeHtml(form.action)}">`,
  hidden('token', form.token),
  ...(form.decision === undefined ? [] : [hidden('decision', form.decision)]),
  ...(form.displayName === undefined ? [] : nameField(form.displayName)),
  ...(form.newPassword === undefined ? [] : passwordField(form.newPassword)),
  `<button>${escapeHtml(form.button)}</button>`,
  '</form>',
];

/** Renders a page that loads no other resource and runs no script. */
export const layOutPage = (
  { tag }: Pick<PageLanguage, 'tag'>,
  { heading, paragraphs, alert, forms = [] }: Page,
): string =>
  [
    '<!DOCTYPE html>',
    `<html lang="${tag}">`,
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    '<meta name="robots" content="noindex">',
    `<title>${escapeHtml(heading)}</title>`,
    `<style>${STYLE}`,
    '</style></head>',
    '<body><main>',
    `<h1>${escapeHtml(heading)}</h1>`,
    ...(alert === undefined ? [] : [`<p role="alert" id="refusal">${escapeHtml(alert)}</p>`]),
    ...paragraphs.map(paragraph),
    ...forms.flatMap(layOutForm),
    '</main></body>',
    '</html>',
    '',
  ].join('\n');
