import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromCopyText,
  toCopyText,
} from '../../../../src/adapters/postgres/connection/copy-text.ts';

async function* inChunks(text: string, size: number): AsyncIterable<string> {
  for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
}

const parse = async (text: string, size = 7) => {
  const rows: (readonly (string | null)[])[] = [];
  for await (const some of fromCopyText(inChunks(text, size))) rows.push(...some);
  return rows;
};

describe('rows as COPY writes them', () => {
  it('are lines with tabs between fields, and escapes for null and special characters', () =>
    expect([
      ...toCopyText(
        [
          { a: 'x', b: 1, c: true },
          { a: null, b: 'a\tb\nc\\N\rd' },
        ],
        ['a', 'b', 'c'],
      ),
    ]).toStrictEqual(['x\t1\ttrue\n\\N\ta\\tb\\nc\\\\N\\rd\t\\N\n']));

  it('are parsed as the server writes them', async () =>
    expect(await parse('\\N\t\\\\N\t\\b\\f\\n\\r\\t\\v\t{"a": "\\\\"}\n\t\t\t\n')).toStrictEqual([
      [null, '\\N', '\b\f\n\r\t\v', '{"a": "\\"}'],
      ['', '', '', ''],
    ]));

  it('are parsed unchanged, however the text is split', () => {
    const field = fc.option(
      fc.string({ unit: fc.constantFrom('\\', 'N', '\t', '\n', '\r', 'ä', '😀') }),
    );
    const rows = fc.array(fc.record({ a: field, b: field }));
    return fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (given, size) => {
        const text = [...toCopyText(given, ['a', 'b'])].join('');
        expect(await parse(text, size)).toStrictEqual(given.map(({ a, b }) => [a, b]));
      }),
    );
  });
});
