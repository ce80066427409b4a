import type { Instant } from '../../../domain/instant.ts';

/**
 * `altered`: the chain values of the events do not follow from those before: changed, swapped or
 * copied from another place. `missing`: events in the middle are missing. `misplaced`: an event
 * comes after its place in the order. `cut_off`: the end of the stream is missing.
 * `stream_missing`: the whole stream is missing. `rewritten`: the chain is intact, but differs from
 * the recorded one. `unrecorded`: the database never appended the events. `hidden`: the store has
 * the events and does not return them. `unreadable`: not an event of this service.
 */
export type LogFindingKind =
  | 'altered'
  | 'missing'
  | 'misplaced'
  | 'cut_off'
  | 'stream_missing'
  | 'rewritten'
  | 'unrecorded'
  | 'hidden'
  | 'unreadable'
  | 'column_differs'
  | 'personal_data_unreadable';

/** What shows the finding. `head`: the record of the stream's end that the database keeps apart. */
export type LogWitness = 'chain' | 'head' | 'checkpoint' | 'store';

export type CheckpointMoment = Readonly<{ number: number; madeAt: Instant }>;

/** When the change must have happened; null if no checkpoint shows it. */
export type Between = Readonly<{
  /** The last checkpoint that agrees with the state before the change. */
  after: CheckpointMoment | null;
  /** The first checkpoint that agrees with the state after it. */
  before: CheckpointMoment | null;
}>;

/** A fault of a stream, from revision `from` to `to`, both included. */
export type LogFinding = Readonly<{
  kind: LogFindingKind;
  stream: string;
  /** Null if it is unknown. */
  from: number | null;
  to: number | null;
  /** Of the event at `from`, or of the one that should follow; null if there is none. */
  position: string | null;
  shownBy: LogWitness;
  between: Between;
}>;

/**
 * `removed`: it is missing. `altered`: it or its leaves differ from what was signed. `unsigned`: it
 * has no signature of a trusted key. `unlinked`: it does not name the one before it. `differs`: the
 * table and the file have different ones. `detached`: it was signed without knowing an earlier
 * one's streams.
 */
export type CheckpointFindingKind =
  | 'removed'
  | 'altered'
  | 'unsigned'
  | 'unlinked'
  | 'differs'
  | 'detached';

export type CheckpointFinding = Readonly<{
  kind: CheckpointFindingKind;
  number: number;
  /** The source it was read from. */
  source: 'database' | 'file';
}>;

export const unknownTime: Between = { after: null, before: null };
