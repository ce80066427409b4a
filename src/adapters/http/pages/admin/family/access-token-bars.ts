import type { Instant } from '../../../../../domain/instant.ts';
import type { PlacedStop, Scale } from './family-scale.ts';

/** An access token as the log tells of it. */
export type StoryToken = Readonly<{
  ordinal: number;
  expiresAt: Instant;
  /** From when on it is refused: when it expires, or before. */
  endsAt: Instant;
}>;

/** One bar, in CSS pixels. `lostTo`: how far it would have reached, had it not been revoked. */
export type TokenBar = Readonly<{
  row: number;
  from: number;
  to: number;
  lostTo: number;
  tokens: readonly StoryToken[];
  afterSplit: boolean;
}>;

const SHORTEST = 8;
const APART = 6;

const ordinalsAt = ({ stop }: PlacedStop): readonly number[] =>
  stop.kind === 'action'
    ? []
    : stop.moments.flatMap(({ accessToken, type }) =>
        accessToken === null || type === 'AccessTokenRevoked' ? [] : [accessToken],
      );

const latest = (instants: readonly Instant[]): Instant => instants.toSorted().at(-1) ?? '';

/**
 * Access tokens as bars, from where they were minted; those of a span are one. `splitAt`: x of the
 * split; undefined when there is none.
 */
export const tokenBars = (
  { stops, xAt }: Scale,
  tokens: readonly StoryToken[],
  splitAt: number | undefined,
): readonly TokenBar[] => {
  const rowEnds: number[] = [];
  const rowFrom = (from: number, lostTo: number): number => {
    const free = rowEnds.findIndex((end) => end + APART <= from);
    const row = free < 0 ? rowEnds.length : free;
    rowEnds[row] = lostTo;
    return row;
  };
  return stops.flatMap((placed) => {
    const ordinals = new Set(ordinalsAt(placed));
    const minted = tokens.filter(({ ordinal }) => ordinals.has(ordinal));
    if (minted.length === 0) return [];
    const from = placed.stop.kind === 'span' ? xAt(placed.stop.at) : placed.x;
    const to = Math.max(from + SHORTEST, xAt(latest(minted.map(({ endsAt }) => endsAt))));
    const lostTo = Math.max(to, xAt(latest(minted.map(({ expiresAt }) => expiresAt))));
    const afterSplit = splitAt !== undefined && placed.x >= splitAt;
    return [{ row: rowFrom(from, lostTo), from, to, lostTo, tokens: minted, afterSplit }];
  });
};
