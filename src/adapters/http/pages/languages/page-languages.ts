import { englishPages } from './english-pages.ts';
import { germanPages } from './german-pages.ts';
import type { PageLanguage } from './page-language.ts';

export const pageLanguages: readonly PageLanguage[] = [englishPages, germanPages];

const readRange = (range: string) => {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const [primary = ''] = tag.split('-');
  return { primary, quality: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
};

/**
 * Picks the available language that `Accept-Language` ranks highest (RFC 9110, 12.5.4), by its
 * primary subtag alone; English when none is available.
 */
export const pageLanguageFor = (acceptLanguage = ''): PageLanguage => {
  const wanted = acceptLanguage
    .split(',')
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  const known = wanted.flatMap(({ primary }) => pageLanguages.filter(({ tag }) => tag === primary));
  return known[0] ?? englishPages;
};
