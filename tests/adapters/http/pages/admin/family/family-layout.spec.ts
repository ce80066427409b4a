import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type Label,
  labelsOf,
  widthOf,
} from '../../../../../../src/adapters/http/pages/admin/family/family-labels.ts';
import {
  BAR_ROW,
  layOutFamily,
  type PictureStory,
} from '../../../../../../src/adapters/http/pages/admin/family/family-layout.ts';
import type { Moment } from '../../../../../../src/adapters/http/pages/admin/family/family-stops.ts';
import { type Instant, plusSeconds } from '../../../../../../src/domain/instant.ts';

const START = '2026-01-31T23:58:00.000Z';
const LIFETIME = 600;

type Shape = Readonly<{
  /** Seconds from each generation to the next. */
  steps: readonly number[];
  /** The generation presented again after the last one; undefined if the family is live. */
  presented?: number;
  actions?: number;
}>;

/** A family as the log would record it. */
const familyOf = ({ steps, presented, actions = 0 }: Shape): PictureStory => {
  const issued: Instant[] = [START];
  for (const step of steps) issued.push(plusSeconds(issued.at(-1) ?? START, step));
  const foundAt = plusSeconds(issued.at(-1) ?? START, 5);
  const splitAt = issued[(presented ?? 0) + 1] ?? START;
  const moments = issued.map(
    (at, generation): Moment => ({
      revision: String(generation),
      at,
      type: generation === 0 ? 'TokenFamilyStarted' : 'RefreshTokenRotated',
      generation,
      accessToken: generation,
    }),
  );
  const none = { accessToken: null, at: foundAt };
  const ending: readonly Moment[] = [
    { ...none, revision: 'theft', type: 'TokenTheftDetected', generation: presented ?? 0 },
    { ...none, revision: 'end', type: 'TokenFamilyRevoked', generation: null },
  ];
  const stolen = presented !== undefined;
  return {
    timeline: stolen ? [...moments, ...ending] : moments,
    tokens: issued.map((at, ordinal) => {
      const expiresAt = plusSeconds(at, LIFETIME);
      const endsAt = stolen && foundAt < expiresAt ? foundAt : expiresAt;
      return { ordinal, expiresAt, endsAt };
    }),
    actions: Array.from({ length: actions }, (_, n) => ({
      number: n + 1,
      at: plusSeconds(splitAt, n),
      sentence: 'the mail address was changed',
    })),
    theft: stolen ? { presentedGeneration: presented, currentGeneration: steps.length } : null,
  };
};

type Box = Readonly<{ name: string; left: number; right: number; top: number; bottom: number }>;

const boxOf = (label: Label): Box => {
  const width = widthOf(label);
  const left = label.anchor === 'middle' ? label.x - width / 2 : label.x;
  return { name: label.text, left, right: left + width, top: label.y - 11, bottom: label.y + 2 };
};

const meet = (one: Box, other: Box): boolean =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

const expectTidy = (story: PictureStory): void => {
  const layout = layOutFamily(story);
  const { width, height, stops, bars, lanes, session } = layout;
  const labels = labelsOf(layout, story.theft === null ? undefined : 'theft').map(boxOf);
  const outside = labels.filter(
    ({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height,
  );
  expect(outside).toStrictEqual([]);
  const clashes = labels.flatMap((one, index) =>
    labels.slice(index + 1).flatMap((other) => (meet(one, other) ? [[one.name, other.name]] : [])),
  );
  expect(clashes).toStrictEqual([]);

  const places = stops.map(({ x }) => x);
  expect(places).toStrictEqual([...new Set(places)].toSorted((one, other) => one - other));
  expect(places.every((x) => x > 0 && x < width)).toBe(true);
  for (const { from, to, lostTo, row } of bars) {
    expect(from).toBeLessThan(to);
    expect(to).toBeLessThanOrEqual(lostTo);
    expect(lostTo).toBeLessThanOrEqual(width);
    expect(lanes.tokens + (row + 1) * BAR_ROW).toBeLessThanOrEqual(height);
  }
  for (const row of new Set(bars.map((bar) => bar.row))) {
    const inRow = bars.filter((bar) => bar.row === row);
    for (const [index, bar] of inRow.slice(1).entries()) {
      expect(bar.from).toBeGreaterThan(inRow[index]?.lostTo ?? 0);
    }
  }
  expect(session.from).toBeLessThan(session.to);
};

/** The contents of a picture, each once and in order. */
const shownIn = (story: PictureStory): readonly string[] =>
  layOutFamily(story).stops.flatMap(({ stop }) =>
    stop.kind === 'action' ? [] : stop.moments.map(({ revision }) => revision),
  );

describe('the picture of a family of any size', () => {
  it.each(Array.from({ length: 200 }, (_, n) => n + 1))(
    'has no overlaps with %i generations, live or stolen',
    (generations) => {
      const steps = Array.from({ length: generations - 1 }, (_, n) => (n * 37) % 900);
      expectTidy(familyOf({ steps }));
      if (generations < 2) return;
      for (const presented of new Set([0, Math.floor(generations / 2) - 1, generations - 2])) {
        expectTidy(familyOf({ steps, presented, actions: generations % 5 }));
      }
    },
  );

  const seconds = fc.integer({ min: 0, max: 90 * 86_400 });

  test.prop([fc.array(seconds, { minLength: 1, maxLength: 60 }), fc.nat(), fc.nat(40)])(
    'has no overlaps and omits nothing, whatever the times between events',
    (steps, anyGeneration, actions) => {
      const story = familyOf({ steps, presented: anyGeneration % steps.length, actions });

      expectTidy(story);
      expect(shownIn(story)).toStrictEqual(story.timeline.map(({ revision }) => revision));
    },
  );
});

describe('the picture of a long session', () => {
  const steps = Array.from({ length: 199 }, () => 600);
  const { stops, theft, bars, lanes } = layOutFamily(
    familyOf({ steps, presented: 40, actions: 2 }),
  );

  it('shows decisive events one by one and long routine runs as a span', () => {
    expect(
      stops.map(({ stop }) => {
        if (stop.kind === 'action') return `action ${stop.action.number}`;
        if (stop.kind === 'span') return `span of ${stop.moments.length}`;
        return stop.moments.map(({ type, generation }) => `${type} ${generation ?? ''}`.trim());
      }),
    ).toStrictEqual([
      ['TokenFamilyStarted 0'],
      ['RefreshTokenRotated 1'],
      'span of 38',
      ['RefreshTokenRotated 40'],
      ['RefreshTokenRotated 41'],
      'action 1',
      'action 2',
      'span of 157',
      ['RefreshTokenRotated 199'],
      ['TokenTheftDetected 40', 'TokenFamilyRevoked'],
    ]);
  });

  it('splits where the presented token was exchanged and ends where it was presented again', () => {
    expect(theft).toStrictEqual({
      forkAt: stops[3]?.x,
      splitAt: stops[4]?.x,
      foundAt: stops.at(-1)?.x,
    });
    expect(lanes.presenter).toBeLessThan(lanes.holder);
  });

  it('has a bar for each access token or span, and marks those minted after the split', () => {
    expect(bars.map(({ tokens, afterSplit }) => [tokens.length, afterSplit])).toStrictEqual([
      [1, false],
      [1, false],
      [38, false],
      [1, false],
      [1, true],
      [157, true],
      [1, true],
    ]);
    const [last] = bars.slice(-1);
    expect(last?.to).toBe(theft?.foundAt);
    expect(last?.lostTo).toBeGreaterThan(last?.to ?? Number.POSITIVE_INFINITY);
  });
});

describe('the picture of more actions than it can show one by one', () => {
  it('shows their number', () => {
    const { stops } = layOutFamily(familyOf({ steps: [60, 60], presented: 0, actions: 25 }));
    expect(
      stops.flatMap(({ stop }) => (stop.kind === 'span' ? [stop.actions.length] : [])),
    ).toStrictEqual([25]);
  });
});
