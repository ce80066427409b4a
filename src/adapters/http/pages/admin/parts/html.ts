import { escapeHtml } from '../../escape-html.ts';

/** Markup, as opposed to text that has to be escaped. */
export type Html = Readonly<{ markup: string }>;

type Value = Html | readonly Html[] | string | number;

const markupOf = (value: Value): string => {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('\n');
};

/** A template whose values are text, unless they are markup themselves. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.reduce((before, part, index) => {
    const value = values[index - 1];
    return `${before}${value === undefined ? '' : markupOf(value)}${part}`;
  }),
});

export const nothing: Html = { markup: '' };

/** Control characters, and those that turn the direction of what follows, cannot be read anyway. */
export const readable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

/** A stranger's own words, which must not change the words around them. */
export const quoted = (text: string): Html => html`<bdi>${readable(text)}</bdi>`;
