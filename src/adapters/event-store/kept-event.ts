/** A place in `$all`. Both are 64 bits wide. */
export type LogPosition = Readonly<{ commit: bigint; prepare: bigint }>;

/** An event as EventStoreDB keeps it; `number` is its place in the stream. */
export type KeptEvent = Readonly<{
  id: string;
  stream: string;
  number: bigint;
  position: LogPosition;
  type: string;
  data: unknown;
  metadata: unknown;
}>;

export const isAfter = (position: LogPosition, other: LogPosition | undefined): boolean =>
  other === undefined ||
  position.commit > other.commit ||
  (position.commit === other.commit && position.prepare > other.prepare);
