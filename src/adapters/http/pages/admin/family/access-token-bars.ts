import type { Instant } from '../../../../../domain/instant.ts';
import type { PlacedStop, Scale } from './family-scale.ts';

/** An access token as the log records it. */
export type StoryToken = Readonly<{
  ordinal: number;
  expiresAt: Instant;
  /** The time from which the token is refused: its expiry or earlier. */
  endsAt: Instant;
}>;

/** One bar, in CSS pixels. `lostTo` is where it would have ended without the revocation. */
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
 * Lays out access tokens as bars that start where the token was minted; the tokens of a span share a
 * bar. `splitAt` is the x of the split; undefined without one.
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
