import { describe, expect, it } from 'vitest';
import {
  pageLanguageFor,
  pageLanguages,
} from '../../../../../src/adapters/http/pages/languages/page-languages.ts';

describe('a browser that prefers German', () => {
  it.each([
    'de',
    'DE',
    'de-AT',
    'de-CH-1996, en;q=0.5',
    'fr, de;q=0.8, en;q=0.7',
    'en;q=0.4, de;q=0.5',
    'en;q=0, de;q=0.001',
    'en;q=much, de;q=0.1',
  ])('gets German pages: %s', (acceptLanguage) => {
    expect(pageLanguageFor(acceptLanguage).tag).toBe('de');
  });
});

describe('any other browser', () => {
  it.each([
    [undefined],
    [''],
    ['*'],
    ['fr'],
    ['en-GB, de'],
    ['de;q=0'],
    ['deu'],
    ['de_AT'],
    [',;q=,'],
    ['<script>'],
  ])('gets English pages: %s', (acceptLanguage) => {
    expect(pageLanguageFor(acceptLanguage).tag).toBe('en');
  });
});

describe('the languages of the pages', () => {
  it('have their own wording for every text', () => {
    const [english, german] = pageLanguages.map((language) => JSON.stringify(language));
    const words = (text = ''): readonly string[] => text.match(/"[^"]*"(?=[,}\]])/g) ?? [];

    expect(words(english)).toHaveLength(words(german).length);
    expect(words(english).filter((text) => words(german).includes(text))).toStrictEqual([]);
  });
});
