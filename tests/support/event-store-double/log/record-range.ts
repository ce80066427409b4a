import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamState } from './commit-check.ts';
import { byPosition, byRevision, firstFrom } from './ordered-records.ts';
import type { LogRecord } from './stored-record.ts';

/** A part of an array of records: from `start`, by `step`, to `end` exclusive. */
export type RecordRange = Readonly<{
  records: readonly LogRecord[];
  start: number;
  end: number;
  step: 1 | -1;
}>;

const BACKWARDS = 1;

/** Index of the first record that is neither truncated nor beyond `$maxCount`. */
export const firstVisible = ({
  records,
  last,
  truncateBefore,
  maxCount,
}: Readonly<StreamState>) => {
  const counted = maxCount === undefined ? 0n : last - maxCount + 1n;
  const bound = counted > truncateBefore ? counted : truncateBefore;
  return firstFrom(records, byRevision, bound);
};

/** Selects a range of a stream, which includes the requested revision in both directions. */
export const streamRange = (
  state: Readonly<StreamState>,
  from: streams.ReadReq.Options.StreamOptions,
  direction: number,
): RecordRange => {
  const { records } = state;
  const visible = firstVisible(state);
  const revision = from.hasRevision() ? BigInt(from.getRevision()) : undefined;
  if (direction === BACKWARDS) {
    const after =
      revision === undefined ? records.length : firstFrom(records, byRevision, revision + 1n);
    return { records, start: from.hasStart() ? visible : after - 1, end: visible - 1, step: -1 };
  }
  const start = revision === undefined ? visible : firstFrom(records, byRevision, revision);
  const begin = from.hasEnd() ? records.length : Math.max(start, visible);
  return { records, start: begin, end: records.length, step: 1 };
};

/**
 * Selects a range of the log. Forwards it includes the event at the position. Backwards it does
 * not: a position is read as the end of the event before it.
 */
export const logRange = (
  records: readonly LogRecord[],
  from: streams.ReadReq.Options.AllOptions,
  direction: number,
): RecordRange => {
  const position = from.getPosition()?.getCommitPosition();
  const at = position === undefined ? undefined : firstFrom(records, byPosition, BigInt(position));
  if (direction === BACKWARDS) {
    const start = from.hasStart() ? 0 : (at ?? records.length);
    return { records, start: start - 1, end: -1, step: -1 };
  }
  const start = from.hasEnd() ? records.length : (at ?? 0);
  return { records, start, end: records.length, step: 1 };
};
