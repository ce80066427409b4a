import type { StreamMark } from './stored-log.ts';

/** The range of events that a checkpoint adds for a stream. */
export type CheckpointLeaf = Readonly<{
  stream: string;
  from: number;
  /** -1: the stream was missing, and that was accepted. */
  to: number;
  /** The chain value of the event at `to`, hex: it covers everything before it. */
  chain: string;
  /** Signed although the stream had changed: earlier leaves no longer apply. */
  accepted: boolean;
}>;

/** A compact JWS: see `CheckpointContent`. */
export type LogCheckpoint = Readonly<{ number: number; jws: string }>;

/**
 * Checkpoints in the order of their numbers, each followed by its leaves in the order of their
 * names. Can be read more than once.
 * @throws CheckpointsUnreadable
 */
export type CheckpointSource = Readonly<{
  read(): AsyncIterable<LogCheckpoint | CheckpointLeaf>;
}>;

/** The input is not a series of checkpoints. `place` names the malformed part for the operator. */
export class CheckpointsUnreadable extends Error {
  constructor(place: string) {
    super(`${place} is not a checkpoint as written by latchkey audit checkpoints --export.`);
    this.name = 'CheckpointsUnreadable';
  }
}

/** A stream whose head differs from its latest leaf. */
export type MovedStream = Readonly<{
  stream: string;
  /** Its latest leaf; undefined for a new stream. */
  leaf: Readonly<{ to: number; chain: string }> | undefined;
  /** Undefined if the stream is missing. */
  head: Omit<StreamMark, 'stream'> | undefined;
}>;

/** A checkpoint in preparation: it is stored entirely or not at all. */
export type CheckpointDraft = Readonly<{
  last: LogCheckpoint | undefined;
  /** A number that was never used, not even by a checkpoint that is missing. */
  number: number;
  /** In batches, in the order of their names. */
  readMoved(): AsyncIterable<readonly MovedStream[]>;
  addLeaves(leaves: readonly CheckpointLeaf[]): Promise<void>;
  /** Completes the draft; without it nothing is stored. */
  finish(jws: string): Promise<void>;
}>;

export type LogCheckpoints = CheckpointSource &
  Readonly<{
    /** Runs `work` on a new draft, in one process at a time. */
    draft<Result>(work: (draft: CheckpointDraft) => Promise<Result>): Promise<Result>;
    /** Without their leaves, in the order of their numbers. */
    list(): Promise<readonly LogCheckpoint[]>;
  }>;
