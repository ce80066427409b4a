/** A position in `$all`: two 64-bit numbers. */
export type LogPosition = Readonly<{ commit: bigint; prepare: bigint }>;

/**
 * An event as EventStoreDB returns it. `number` counts within the stream; `position` may be
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
 * Whether a position is known. Many servers report one only for events read from `$all`, not for
 * those read from a stream.
 */
export const hasPosition = ({ commit }: LogPosition): boolean => commit < 2n ** 64n - 1n;

/** Whether `position` follows `other`; every position follows an absent one. */
export const isAfter = (position: LogPosition, other: LogPosition | undefined): boolean =>
  other === undefined ||
  position.commit > other.commit ||
  (position.commit === other.commit && position.prepare > other.prepare);
