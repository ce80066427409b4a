import { type StoryToken, type TokenBar, tokenBars } from './access-token-bars.ts';
import { type PlacedStop, scaleOf } from './family-scale.ts';
import { type DrawnAction, type Moment, type Split, stopsOf } from './family-stops.ts';

/** The input of the picture of a token family. */
export type PictureStory = Readonly<{
  timeline: readonly Moment[];
  tokens: readonly StoryToken[];
  actions: readonly DrawnAction[];
  theft: Split | null;
}>;

/** The positions in the picture, in CSS pixels: x to the right, y downwards. */
export type FamilyLayout = Readonly<{
  width: number;
  height: number;
  stops: readonly PlacedStop[];
  bars: readonly TokenBar[];
  lanes: Readonly<{
    /** The y of the superseded token; undefined unless one was presented. */
    presenter: number | undefined;
    /** The y of the live tokens. */
    holder: number;
    session: number;
    tokens: number;
    actions: number | undefined;
  }>;
  /** The points where the lines part and where the theft was found; undefined without a theft. */
  theft: Readonly<{ forkAt: number; splitAt: number; foundAt: number }> | undefined;
  /** The bar of the session: from its first token to its end, or to the edge while it is live. */
  session: Readonly<{ from: number; to: number; ended: boolean }>;
}>;

export const BAR_ROW = 18;

const momentOf = (stops: readonly PlacedStop[], is: (moment: Moment) => boolean) =>
  stops.find(({ stop }) => stop.kind === 'moment' && stop.moments.some(is));

const issued =
  (wanted: number) =>
  ({ type, generation }: Moment): boolean =>
    generation === wanted && (type === 'TokenFamilyStarted' || type === 'RefreshTokenRotated');

const ofType =
  (wanted: Moment['type']) =>
  ({ type }: Moment): boolean =>
    type === wanted;

const theftIn = (stops: readonly PlacedStop[], split: Split | null): FamilyLayout['theft'] => {
  const found = momentOf(stops, ofType('TokenTheftDetected'));
  if (split === null || found === undefined) return undefined;
  const fork = momentOf(stops, issued(split.presentedGeneration));
  const successor = momentOf(stops, issued(split.presentedGeneration + 1));
  const foundAt = found.x;
  return { forkAt: fork?.x ?? foundAt, splitAt: successor?.x ?? foundAt, foundAt };
};

/** Computes the geometry of the picture. */
export const layOutFamily = (story: PictureStory): FamilyLayout => {
  const scale = scaleOf(stopsOf(story));
  const { stops, end } = scale;
  const theft = theftIn(stops, story.theft);
  const bars = tokenBars(scale, story.tokens, theft?.splitAt);
  const rows = Math.max(0, ...bars.map(({ row }) => row + 1));
  const revoked = momentOf(stops, ofType('TokenFamilyRevoked'));

  const holder = theft === undefined ? 78 : 158;
  const session = holder + 98;
  const tokens = session + 46;
  const below = tokens + rows * BAR_ROW;
  const hasActions = story.actions.length > 0;
  return {
    width: scale.width,
    height: below + (hasActions ? 72 : 8),
    stops,
    bars,
    lanes: {
      presenter: theft && 92,
      holder,
      session,
      tokens,
      actions: hasActions ? below + 44 : undefined,
    },
    theft,
    session: {
      from: stops[0]?.x ?? 0,
      to: revoked?.x ?? end,
      ended: revoked !== undefined,
    },
  };
};
