import { describe, expect, it } from 'vitest';
import { cutPage } from '../../../src/application/kernel/cut-page.ts';

describe('when one more was found than fits the page', () => {
  it('leaves that one out, and the next page begins after the last that is on it', () => {
    expect(cutPage(['a', 'b', 'c'], 2)).toStrictEqual({ items: ['a', 'b'], last: 'b' });
  });
});

describe('when there is no more than fits the page', () => {
  it.each([[['a', 'b']], [['a']], [[]]])('is the last one: %j', (found) => {
    expect(cutPage<string>(found, 2)).toStrictEqual({ items: found, last: undefined });
  });
});
