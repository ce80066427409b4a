import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEventRegistry } from '../../src/adapters/event-store/event-registry.ts';
import { eventDefinitions } from '../../src/adapters/event-store/schemas/event-definitions.ts';
import { problemByCode } from '../../src/adapters/http/problems/problem-details.ts';

type Row = Readonly<{ name: string; number: number; text: string; rest: string }>;

/** The text between `## <heading>` and the next heading of that level. */
const section = (markdown: string, heading: string): string => {
  const sections = markdown.split(/^## /m);
  return sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
};

/** Rows of the form "| `name` | 1 | text | … |", padded or not. */
const rowsOf = (text: string): readonly Row[] =>
  [...text.matchAll(/^\| `(\w+)` +\| +(\d+) +\| ([^|]+?) +\|(.*)$/gm)].map(
    ([, name = '', number, words = '', rest = '']) => ({
      name,
      number: Number(number),
      text: words,
      rest,
    }),
  );

const byName = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) =>
  a[0] < b[0] ? -1 : 1;

const catalogue = readFileSync('docs/catalogue.md', 'utf8');
const events = rowsOf(section(catalogue, 'Events'));
const codes = rowsOf(section(catalogue, 'Error codes'));
const registry = createEventRegistry(eventDefinitions);

describe('the catalogue of events', () => {
  it('lists every event type with its current version, and no other', () => {
    const listed = events.map(({ name, number }) => [name, number] as const);
    const existing = registry.types.map((type) => [type, registry.currentVersion(type)] as const);
    expect(listed.toSorted(byName)).toStrictEqual(existing.toSorted(byName));
  });

  it('names the fields of each event that are encrypted', () => {
    const listed = events.map(
      ({ name, rest }) => [name, [...rest.matchAll(/`(\w+)`/g)].map(([, field]) => field)] as const,
    );
    const existing = registry.types.map((type) => {
      const personal = registry.personalFields(type, registry.currentVersion(type));
      return [type, Object.keys(personal)] as const;
    });
    expect(listed.toSorted(byName)).toStrictEqual(existing.toSorted(byName));
  });

  it('lists every reason a token family is revoked for, and no other', () => {
    const table = section(catalogue, 'Events').split(/^\| reason +\| because/m)[1] ?? '';
    const listed = [...table.matchAll(/^\| `([a-z_]+)` +\| /gm)].map(([, reason]) => reason);
    expect(eventDefinitions.TokenFamilyRevoked?.versions.at(-1)?.schema).toMatchObject({
      properties: { reason: { enum: listed } },
    });
  });
});

describe('the catalogue of error codes', () => {
  it('lists every code with its status, and no other', () => {
    const listed = codes.map(({ name, number }) => [name, number] as const);
    const existing = Object.entries(problemByCode).map(
      ([code, { status }]) => [code, status] as const,
    );
    expect(listed.toSorted(byName)).toStrictEqual(existing.toSorted(byName));
  });
});

describe('every row of the catalogue', () => {
  it('says when in a sentence of its own', () => {
    const sentences = [...events, ...codes].map(({ text }) => text);
    expect(sentences.filter((text) => !/^[A-Z`].{15,}\.$/.test(text))).toStrictEqual([]);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});

describe('a row of the catalogue', () => {
  it('is only found in its own section and form', () => {
    const page =
      '# X\n\n## Events\n\n| `A`   | 2 | When.  | |\n| B | 1 | No. |\n## Error codes\n| `c` | 400 | So. |\n';
    expect(rowsOf(section(page, 'Events'))).toStrictEqual([
      { name: 'A', number: 2, text: 'When.', rest: ' |' },
    ]);
    expect(rowsOf(section(page, 'Error codes'))).toStrictEqual([
      { name: 'c', number: 400, text: 'So.', rest: '' },
    ]);
    expect(rowsOf(section(page, 'Elsewhere'))).toStrictEqual([]);
  });
});
