import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/domain/decider.ts';
import {
  accessTokenId,
  addToSpans,
  unexpiredSpans,
} from '../../../src/domain/token-family/access-token-spans.ts';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import type { AccessTokenSpan } from '../../../src/domain/token-family/token-family-events.ts';
import { at, present, rotated, span, started } from '../../support/events/token-family-fixtures.ts';

const add = (spans: readonly AccessTokenSpan[], ordinal: number, seconds: number) =>
  addToSpans(spans, { ordinal, expiresAt: at(seconds + 600) }, at(seconds));

describe('the id of an access token', () => {
  it('contains its family and its ordinal', () =>
    expect(accessTokenId('01980a5c-1111-7222-8333-444444444444', 12)).toBe(
      '01980a5c-1111-7222-8333-444444444444.12',
    ));
});

describe('the spans of access tokens', () => {
  it('begin with one token', () => expect(add([], 0, 0)).toStrictEqual([span(0, 0, 0)]));

  it('join tokens that expire in the same minute and keep the later expiry', () =>
    expect(add([span(0, 3, 10)], 4, 59.999)).toStrictEqual([span(0, 4, 59.999)]));

  it('keep the later expiry after a clock was set back', () =>
    expect(add([span(0, 3, 50)], 4, 10)).toStrictEqual([span(0, 4, 50)]));

  it('begin a new span with the next minute', () =>
    expect(add([span(0, 3, 59.999)], 4, 60)).toStrictEqual([span(0, 3, 59.999), span(4, 4, 60)]));

  it('drop expired spans', () =>
    expect(add([span(0, 3, 0), span(4, 5, 60)], 6, 600)).toStrictEqual([
      span(4, 5, 60),
      span(6, 6, 600),
    ]));

  it('contain a token until the millisecond of its expiry', () => {
    const spans = [span(0, 0, 0)];
    expect(unexpiredSpans(spans, at(599.999))).toStrictEqual(spans);
    expect(unexpiredSpans(spans, at(600))).toStrictEqual([]);
  });
});

describe('a family refreshed 5,000 times in a minute', () => {
  const rotations = Array.from({ length: 5_000 }, (_, i) => rotated(i + 1, (i + 1) * 0.012));
  const state = fold(tokenFamilyDecider, tokenFamilyDecider.initialState, [started, ...rotations]);

  it('keeps every access token in two spans', () =>
    expect(state).toMatchObject({
      generation: 5_000,
      minted: 5_001,
      accessTokens: [span(0, 4_999, 59.988), span(5_000, 5_000, 60)],
    }));

  it('keeps its state below a kilobyte', () =>
    expect(JSON.stringify(state).length).toBeLessThan(1_024));

  it('rotates as after the first refresh', () =>
    expect(tokenFamilyDecider.decide(present(5_000, 61), state)).toStrictEqual([
      rotated(5_001, 61),
    ]));
});

describe('two processes whose clocks disagree and that alternate around the end of a minute', () => {
  it('keep two spans', () => {
    let spans: readonly AccessTokenSpan[] = [];
    for (let ordinal = 0; ordinal < 1_000; ordinal += 1) {
      spans = add(spans, ordinal, ordinal % 2 === 0 ? 59 : 61);
    }
    expect(spans).toStrictEqual([span(0, 0, 59), span(1, 999, 61)]);
  });
});

describe('a family refreshed for hours', () => {
  it('has at most as many spans as the lifetime of an access token has minutes', () => {
    const rotations = Array.from({ length: 3_600 }, (_, i) => rotated(i + 1, (i + 1) * 5));
    let state = fold(tokenFamilyDecider, tokenFamilyDecider.initialState, [started]);
    let most = 0;
    for (const rotation of rotations) {
      state = tokenFamilyDecider.evolve(state, rotation);
      most = Math.max(most, state.status === 'live' ? state.accessTokens.length : 0);
    }
    expect(most).toBe(11);
  });
});
