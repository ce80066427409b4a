import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/application/kernel/canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts members at every depth, keeps the order of arrays and has no white space', () => {
    const value = { b: [3, { z: null, a: true }, 'x'], a: { é: 1, e: 2 }, A: -0.5 };
    expect(canonicalJson(value)).toBe(
      '{"A":-0.5,"a":{"e":2,"é":1},"b":[3,{"a":true,"z":null},"x"]}',
    );
  });

  it('sorts by code units, as RFC 8785 does', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6 };
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
  });

  property.prop([fc.jsonValue()])('says what JSON says', (value) => {
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  property.prop([fc.dictionary(fc.string(), fc.jsonValue())])(
    'is the same text whatever order members come in',
    (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
    },
  );
});
