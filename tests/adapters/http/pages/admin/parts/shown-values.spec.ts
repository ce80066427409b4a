import { describe, expect, it } from 'vitest';
import { html, quoted } from '../../../../../../src/adapters/http/pages/admin/parts/html.ts';
import {
  dayOf,
  durationOf,
  shortId,
  timeOf,
  wordsOf,
} from '../../../../../../src/adapters/http/pages/admin/parts/shown-values.ts';

describe('the values on a page', () => {
  it.each([
    [0, 'less than a second'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [185, '3 minutes 5 seconds'],
    [3_605, '1 hour'],
    [90_000, '1 day 1 hour'],
    [7_776_000, '90 days'],
  ])('show %i seconds as %s', (seconds, words) => expect(durationOf(seconds)).toBe(words));

  it('show times in UTC, independent of the locale', () => {
    expect(dayOf('2026-02-03T04:05:06.789Z')).toBe('3 Feb 2026');
    expect(timeOf('2026-02-03T04:05:06.789Z')).toBe('04:05:06');
  });

  it('show event names as words and ids by both ends', () => {
    expect(wordsOf('TokenTheftDetected')).toBe('Token theft detected');
    expect(shortId('01a1ffc4-e4df-73e5-adef-e5611d16d12a')).toBe('01a1ffc4…16d12a');
  });
});

describe('an HTML template', () => {
  it('escapes every value except markup of another template', () => {
    const { markup } = html`<p title="${'"<&>\''}">${[html`<b>${1}</b>`, html`${'</b>'}`]}</p>`;
    expect(markup).toBe('<p title="&quot;&lt;&amp;&gt;&#39;"><b>1</b>\n&lt;/b&gt;</p>');
  });

  it('replaces control and direction characters in text that users wrote', () => {
    expect(quoted('a\u202eb\u0007\u2028<').markup).toBe('<bdi>a\ufffdb\ufffd\ufffd&lt;</bdi>');
  });
});
