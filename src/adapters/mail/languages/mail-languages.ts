import { english } from './english.ts';
import { german } from './german.ts';
import type { MailLanguage } from './mail-language.ts';

export const mailLanguages: readonly MailLanguage[] = [english, german];

/** Finds the language by the primary subtag alone (RFC 4647, 3.4); English when unknown. */
export const languageFor = (locale: string): MailLanguage => {
  const [primary] = locale.toLowerCase().split('-');
  return mailLanguages.find(({ tag }) => tag === primary) ?? english;
};
