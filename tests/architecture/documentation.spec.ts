import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (file: string): string => readFileSync(file, 'utf8');

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => path.posix.join(folder, name));

const PAGES = [...pagesIn('.'), ...pagesIn('docs'), ...pagesIn('docs/adr'), ...pagesIn('bench')];

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '');

/** The anchors that GitHub derives from headings. */
const anchorsIn = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

type Link = Readonly<{ page: string; target: string }>;

const linksIn = (page: string): readonly Link[] =>
  [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^https?:/.test(target));

const isBroken = ({ page, target }: Link): boolean => {
  const [file = '', anchor] = target.split('#');
  const full = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(full)) return true;
  return anchor !== undefined && !anchorsIn(read(full)).includes(anchor);
};

const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

describe('the pages of the documentation', () => {
  const links = PAGES.flatMap(linksIn);

  it('link only to files and headings that exist', () => {
    expect(PAGES.length).toBeGreaterThanOrEqual(18);
    expect(links.length).toBeGreaterThanOrEqual(30);
    expect(links.filter(isBroken)).toStrictEqual([]);
  });

  it.each(['nowhere.md', 'docs/http.md#nowhere', '#nowhere', 'docs/adr/'])(
    'are reported when the target of a link is missing: %s',
    (target) => expect(isBroken({ page: 'README.md', target })).toBe(target.includes('nowhere')),
  );

  it('number the decisions without a gap', () => {
    const decisions = pagesIn('docs/adr').map((file) => [file, read(file).split('\n')[0] ?? '']);
    for (const [index, [file = '', title]] of decisions.entries()) {
      expect(path.basename(file)).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-`));
      expect(title).toMatch(new RegExp(`^# ${index + 1}\\. `));
    }
  });
});

const MAX_LINE = 120;

/** Lines of prose and tables that are too long and have a space where they could break. */
const longLinesIn = (text: string): readonly string[] =>
  withoutCode(text)
    .split('\n')
    .filter((line) => line.length > MAX_LINE && / \S/.test(line.replace(/^[ >*-]+/, '')));

describe('the lines of the documentation', () => {
  it.each(PAGES)('have at most 120 characters: %s', (page) => {
    expect(longLinesIn(read(page))).toStrictEqual([]);
  });

  it('may be longer in code, and where they cannot break', () => {
    const code = `\`\`\`sh\n${'curl '.repeat(40)}\n\`\`\``;
    const link = `- [page](https://example.com/${'x'.repeat(120)})`;
    const prose = 'word '.repeat(40).trim();
    expect(longLinesIn([code, link, prose].join('\n'))).toStrictEqual([prose]);
  });
});

/** Words that have a plain one: the glossary has those with a meaning of their own. */
const PRIVATE_WORDS =
  /\b(nobody|somebody|anybody|everybody|whoever|vouch\w*|astray|suspects?|twins?|aftermath|dearest|home household|comes? home|for good|puts? out|brings? back|gives? back|takes? back|unproven)\b/i;

const privateWordsIn = (text: string): readonly string[] =>
  withoutCode(text)
    .replace(/`[^`]*`/g, '')
    .split('\n')
    .filter((line) => PRIVATE_WORDS.test(line));

describe('the words of the documentation', () => {
  it.each(PAGES)('are plain: %s', (page) => {
    expect(privateWordsIn(read(page))).toStrictEqual([]);
  });

  it('are reported when private, except in code', () => {
    expect(privateWordsIn('As `nobody`.\nNobody may.\n')).toStrictEqual(['Nobody may.']);
  });
});

/** Files and folders that a page names in full. */
const pathsIn = (page: string): readonly string[] =>
  [...withoutCode(read(page)).matchAll(/`((?:src|tests|migrations|scripts|bench)\/[^`\s]+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => !/[<*…{]|NNNN/.test(name));

describe('the files that the documentation names', () => {
  it.each(PAGES)('exist: %s', (page) => {
    expect(pathsIn(page).filter((name) => !existsSync(name))).toStrictEqual([]);
  });

  it('are found: at least forty of them', () =>
    expect(PAGES.flatMap(pathsIn).length).toBeGreaterThanOrEqual(40));
});

/** Read by the tests themselves, not by the service. */
const OF_TESTS = ['LATCHKEY_TEST_STORE', 'LATCHKEY_TEST_JOURNEYS', 'LATCHKEY_SOAK_SECONDS'];

describe('the settings', () => {
  const readers = ['config', 'config-policies', 'config-event-store']
    .map((name) => read(`src/configuration/${name}.ts`))
    .join('\n');
  const settings = namesIn(readers, /'((?:LATCHKEY_[A-Z_]+)|[A-Z]+_URL|HOST|PORT)'/g);

  it('are all listed in docs/operations.md, and no other name is', () => {
    const [table = ''] = read('docs/operations.md').split('## Behind a proxy');
    const rows = [...table.matchAll(/^\| (`[A-Z].*?) \|/gm)].map(([, names = '']) => names);
    const documented = rows.flatMap((names) => namesIn(names, /`([A-Z_]+)`/g));

    expect(settings.length).toBeGreaterThanOrEqual(24);
    expect([...documented].sort()).toStrictEqual(settings);
  });

  it('are the only LATCHKEY_ variables that the documentation names', () => {
    const text = PAGES.map(read).join('\n');
    const mentioned = namesIn(text, /\b(LATCHKEY_[A-Z_]+)\b/g);
    const known = [...settings, ...OF_TESTS];
    expect(mentioned.filter((name) => !known.includes(name))).toStrictEqual([]);
  });
});
