import { describe, expect, it } from 'vitest';
import {
  type LinkKind,
  linkPaths,
} from '../../../../src/adapters/http/pages/languages/link-paths.ts';
import { pageLanguages } from '../../../../src/adapters/http/pages/languages/page-languages.ts';
import { linkPage, linkUsedPage } from '../../../../src/adapters/http/pages/link-page.ts';
import {
  type ErrorCode,
  problemByCode,
} from '../../../../src/adapters/http/problems/problem-details.ts';

const KINDS = Object.keys(linkPaths) as readonly LinkKind[];
const CODES = Object.keys(problemByCode) as readonly ErrorCode[];
const HOSTILE = `"'><script>alert(1)</script>&amp;`;

const everyPage = pageLanguages.flatMap((language) =>
  KINDS.flatMap((kind) => [
    linkPage(language, { kind, token: 'a-b_c' }),
    linkPage(language, { kind, token: undefined }),
    linkUsedPage(language, kind),
    ...CODES.map((code) => linkPage(language, { kind, token: 'a-b_c' }, code)),
  ]),
);

const count = (text: string, part: RegExp) => [...text.matchAll(part)].length;

/** The relative luminance of a colour (WCAG 2.2). */
const luminance = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

describe('any link page', () => {
  it('declares its language and has one heading equal to its title', () => {
    expect(everyPage.length).toBeGreaterThan(300);
    for (const page of everyPage) {
      expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="(en|de)">\n/);
      const [, title] = /<title>(.+)<\/title>/.exec(page) ?? [];
      expect(page).toContain(`<h1>${title}</h1>`);
      expect(count(page, /<h1>/g)).toBe(1);
      expect(count(page, /<main>/g)).toBe(1);
    }
  });

  it('is not indexed, loads no other resource and runs no script', () => {
    for (const page of everyPage) {
      expect(page).toContain('<meta name="robots" content="noindex">');
      expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\son\w+=|url\(|https?:/i);
    }
  });

  it('has enough contrast between text and background', () => {
    const [page = ''] = everyPage;
    const pairs = [...page.matchAll(/background: (#\w{6}); color: (#\w{6})/g)];
    const onWhite = [...page.matchAll(/[^-]color: (#\w{6})/g)].map(([, color = '']) => color);

    expect(pairs).toHaveLength(3);
    for (const [, ground = '', text = ''] of pairs) {
      expect(contrast(ground, text)).toBeGreaterThanOrEqual(4.5);
    }
    for (const color of onWhite.filter((color) => color !== '#ffffff')) {
      expect(contrast(color, '#ffffff')).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('a link page before its button is pressed', () => {
  it.each(pageLanguages)('has one form with one button: $tag', (language) => {
    for (const kind of KINDS) {
      const page = linkPage(language, { kind, token: 'a-b_c' });
      expect(page).toContain(`<form method="post" action="${linkPaths[kind].slice(1)}">`);
      expect(page).toContain('<input type="hidden" name="token" value="a-b_c">');
      expect(count(page, /<form/g)).toBe(1);
      expect(count(page, /<button>[^<]+<\/button>/g)).toBe(1);
      expect(page).not.toContain('role="alert">');
    }
  });

  it.each(pageLanguages)('labels its password field and describes the rules: $tag', (language) => {
    const page = linkPage(language, { kind: 'password_reset', token: 'a' });

    expect(page).toContain('<label for="new-password">');
    expect(page).toContain(
      '<input type="password" id="new-password" name="newPassword" autocomplete="new-password" required aria-describedby="hint">',
    );
    expect(page).toContain('<p id="hint">');
    for (const kind of KINDS.filter((kind) => kind !== 'password_reset')) {
      expect(linkPage(language, { kind, token: 'a' })).not.toContain('type="password"');
    }
  });

  it('escapes hostile text', () => {
    for (const language of pageLanguages) {
      const page = linkPage(language, { kind: 'password_reset', token: HOSTILE });
      expect(page).not.toContain('<script');
      expect(page).toContain(
        'value="&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;">',
      );
    }
  });
});

describe('a link page after a refusal', () => {
  const [english] = pageLanguages;
  if (english === undefined) throw new TypeError('there are languages');
  const refuse = (code: ErrorCode) =>
    linkPage(english, { kind: 'password_reset', token: 'a' }, code);

  it.each(['password_too_short', 'password_too_long', 'password_too_common'] as const)(
    'announces the refusal and marks the field: %s',
    (code) => {
      expect(refuse(code)).toContain(`<p role="alert" id="refusal">${english.refusals[code]}</p>`);
      expect(refuse(code)).toContain('aria-invalid="true" aria-describedby="refusal hint"');
    },
  );

  it.each([
    ['rate_limited', english.refusals.rate_limited],
    ['server_busy', english.refusals.unavailable],
    ['service_unavailable', english.refusals.unavailable],
    ['internal_error', english.refusals.failed],
    ['validation_failed', english.refusals.failed],
    ['concurrent_update', english.refusals.failed],
  ] as const)('does not mark the password field: %s', (code, words) => {
    expect(refuse(code)).toContain(`<p role="alert" id="refusal">${words}</p>`);
    expect(refuse(code)).not.toContain('aria-invalid');
    expect(refuse(code)).toContain('<form');
  });

  it('has no form when the token is invalid or missing', () => {
    for (const kind of KINDS) {
      const spent = linkPage(english, { kind, token: 'a' }, 'token_invalid');
      expect(spent).toContain(`<h1>${english.spent.heading}</h1>`);
      const incomplete = linkPage(english, { kind, token: undefined }, 'validation_failed');
      expect(incomplete).toContain(`<h1>${english.incomplete.heading}</h1>`);
      for (const page of [spent, incomplete]) expect(page).not.toContain('<form');
    }
  });
});
