import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForm } from '../../../../src/adapters/http/oauth/oauth-form-parser.ts';

describe('the parser of form bodies', () => {
  it.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1+2%263', { a: '1 2&3' }],
    ['a=1&a=2&b=3', { a: ['1', '2'], b: '3' }],
    ['a=1&a=1', { a: ['1', '1'] }],
    ['a=&b&=&c=1', { c: '1' }],
    ['a=&a=1', { a: '1' }],
    ['constructor=1&toString=2', { constructor: '1', toString: '2' }],
    ['%ff=%fe&a=%', { '\ufffd': '\ufffd', a: '%' }],
  ])('parses %j as %j', (text, expected) => {
    expect(parseForm(text)).toStrictEqual(expected);
  });

  it('treats __proto__ like any other parameter name', () => {
    const form = parseForm('__proto__=x&a=1');
    expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
    expect(Object.entries(form)).toStrictEqual([
      ['__proto__', 'x'],
      ['a', '1'],
    ]);
  });

  it('returns the parameters that a client has encoded', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(text, text), (form) => {
        const entries = Object.entries(form);
        expect(Object.entries(parseForm(new URLSearchParams(entries).toString()))).toStrictEqual(
          entries,
        );
      }),
    );
  });

  it('accepts any text without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof parseForm(text)).toBe('object');
      }),
    );
  });
});
