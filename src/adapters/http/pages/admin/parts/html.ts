import { escapeHtml } from '../../escape-html.ts';

/** Markup, as opposed to text that must be escaped. */
export type Html = Readonly<{ markup: string }>;

type Value = Html | readonly Html[] | string | number;

const markupOf = (value: Value): string => {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('\n');
};

/** A template tag that escapes every value except markup. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.reduce((before, part, index) => {
    const value = values[index - 1];
    return `${before}${value === undefined ? '' : markupOf(value)}${part}`;
  }),
});

export const nothing: Html = { markup: '' };

/** Replaces control characters and those that change the direction of text. */
export const readable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

/** Isolates text that a user wrote, so that it cannot change the direction of the text around it. */
export const quoted = (text: string): Html => html`<bdi>${readable(text)}</bdi>`;
