import { describe, expect, it } from 'vitest';
import { cutPage } from '../../../src/application/kernel/cut-page.ts';

describe('a list with one item more than the page', () => {
  it('results in a page without it, which names its last item', () => {
    expect(cutPage(['a', 'b', 'c'], 2)).toStrictEqual({ items: ['a', 'b'], last: 'b' });
  });
});

describe('a list with no more items than the page', () => {
  it.each([[['a', 'b']], [['a']], [[]]])('results in the last page: %j', (found) => {
    expect(cutPage<string>(found, 2)).toStrictEqual({ items: found, last: undefined });
  });
});
