import type { Instant } from '../../../../../domain/instant.ts';
import type { Stop } from './family-stops.ts';

/** A stop, and where its middle is, in CSS pixels from the left. */
export type PlacedStop = Readonly<{ stop: Stop; x: number }>;

export type Scale = Readonly<{
  stops: readonly PlacedStop[];
  /** Where an instant is, between the stops or after the last. */
  xAt: (at: Instant) => number;
  /** Where what still lives goes on to. */
  end: number;
  width: number;
}>;

/** Room to either side of a stop's middle: what stands there is not wider. */
const HALF = { moment: 34, action: 17, span: 68 } as const;
/** A span's chip, from its middle. */
const SPAN_REACH = 58;
const LEFT = 44;
/** Behind the first stop, whose label is wider than itself. */
const FIRST_GAP = 36;
const TAIL = 84;
const RIGHT = 28;
const LONGEST_WAIT = 72;

/** Time makes room by its logarithm: seconds show, and months still fit. */
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

/** Places stops from left to right; never one over the other, however close in time. */
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
