/** A place in `$all`. Both are 64 bits wide. */
export type LogPosition = Readonly<{ commit: bigint; prepare: bigint }>;

/**
 * An event as EventStoreDB keeps it; `number` is its place in the stream. Its position may be
 * unknown.
 */
export type EventStoreDbEvent = Readonly<{
  id: string;
  stream: string;
  number: bigint;
  position: LogPosition;
  type: string;
  data: unknown;
  metadata: unknown;
}>;

/**
 * What many servers answer for an event that is read from its stream: only `$all` is read with
 * positions.
 */
export const hasPosition = ({ commit }: LogPosition): boolean => commit < 2n ** 64n - 1n;

export const isAfter = (position: LogPosition, other: LogPosition | undefined): boolean =>
  other === undefined ||
  position.commit > other.commit ||
  (position.commit === other.commit && position.prepare > other.prepare);
