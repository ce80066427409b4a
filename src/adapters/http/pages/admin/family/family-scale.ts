import type { Instant } from '../../../../../domain/instant.ts';
import type { Stop } from './family-stops.ts';

/** A stop and the x of its middle, in CSS pixels. */
export type PlacedStop = Readonly<{ stop: Stop; x: number }>;

export type Scale = Readonly<{
  stops: readonly PlacedStop[];
  /** Maps an instant to its x, between the stops or after the last one. */
  xAt: (at: Instant) => number;
  /** The x up to which a live session or token is drawn. */
  end: number;
  width: number;
}>;

/** Half the width that each kind of stop may take. */
const HALF = { moment: 34, action: 17, span: 68 } as const;
/** Half the width of a span's chip. */
const SPAN_REACH = 58;
const LEFT = 44;
/** Extra space after the first stop, whose label is wider than the stop. */
const FIRST_GAP = 36;
const TAIL = 84;
const RIGHT = 28;
const LONGEST_WAIT = 72;

/** The space for a duration, logarithmic: seconds are visible, and months still fit. */
const waitOf = (milliseconds: number): number =>
  Math.min(LONGEST_WAIT, 12 * Math.log10(1 + Math.max(0, milliseconds) / 1_000));

const millisecondsBetween = (from: Instant, to: Instant): number =>
  Date.parse(to) - Date.parse(from);

const place = (stops: readonly Stop[]): readonly PlacedStop[] => {
  const placed: PlacedStop[] = [];
  for (const stop of stops) {
    const before = placed.at(-1);
    const x =
      before === undefined
        ? LEFT
        : before.x +
          HALF[before.stop.kind] +
          HALF[stop.kind] +
          (placed.length === 1 ? FIRST_GAP : 0) +
          waitOf(millisecondsBetween(before.stop.until, stop.at));
    placed.push({ stop, x: Math.round(x) });
  }
  return placed;
};

type Anchor = Readonly<{ at: Instant; x: number }>;

const anchorsOf = ({ stop, x }: PlacedStop): readonly Anchor[] =>
  stop.kind === 'span'
    ? [
        { at: stop.at, x: x - SPAN_REACH },
        { at: stop.until, x: x + SPAN_REACH },
      ]
    : [{ at: stop.at, x }];

/** Places stops from left to right without overlap, however close in time they are. */
export const scaleOf = (stops: readonly Stop[]): Scale => {
  const placed = place(stops);
  const anchors = placed.flatMap(anchorsOf);
  const last = anchors.at(-1) ?? { at: '', x: LEFT };
  const xAt = (at: Instant): number => {
    const next = anchors.findIndex((anchor) => anchor.at > at);
    if (next === 0) return anchors[0]?.x ?? LEFT;
    const [from, to] = [anchors[next - 1], anchors[next]];
    if (next < 0 || from === undefined || to === undefined) {
      return last.x + Math.min(TAIL, waitOf(millisecondsBetween(last.at, at)));
    }
    const share = millisecondsBetween(from.at, at) / millisecondsBetween(from.at, to.at);
    return from.x + share * (to.x - from.x);
  };
  return { stops: placed, xAt, end: last.x + TAIL, width: last.x + TAIL + RIGHT };
};
