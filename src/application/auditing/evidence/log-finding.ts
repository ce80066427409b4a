import type { Instant } from '../../../domain/instant.ts';

/**
 * `altered`: the events do not follow from those before them: changed, swapped, or written for another
 * place. `missing`: events in the middle are gone. `misplaced`: an event comes where its place has been
 * passed. `cut_off`: the stream's end is gone. `stream_missing`: all of it is. `rewritten`: the chain
 * holds, but it is another one than it was. `unrecorded`: events that the database never appended.
 * `hidden`: the store has them and shows them to nobody. `unreadable`: no event of ours.
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

/** What gives it away. `head`: what the database keeps of the stream apart from its events. */
export type LogWitness = 'chain' | 'head' | 'checkpoint' | 'store';

export type CheckpointMoment = Readonly<{ number: number; madeAt: Instant }>;

/** When it must have happened. Null: no checkpoint tells. */
export type Between = Readonly<{
  /** The last checkpoint that still had it as it was. */
  after: CheckpointMoment | null;
  /** The first that had it as it is. */
  before: CheckpointMoment | null;
}>;

/** What is wrong with a stream, from revision `from` to `to`, both included. */
export type LogFinding = Readonly<{
  kind: LogFindingKind;
  stream: string;
  /** Null where nobody can tell. */
  from: number | null;
  to: number | null;
  /** Of the event at `from`, or of the one that should come after it; null when there is none. */
  position: string | null;
  shownBy: LogWitness;
  between: Between;
}>;

/**
 * `removed`: it is not there. `altered`: it or its streams are not what was signed. `unsigned`: no
 * signature of a trusted key. `unlinked`: it does not name the one before it. `differs`: the table and
 * the file have each their own. `detached`: it was signed without knowing an earlier one's streams.
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
  /** Where it was read. */
  source: 'database' | 'file';
}>;

export const untold: Between = { after: null, before: null };
