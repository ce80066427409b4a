import type { StreamMark } from './stored-log.ts';

/** How far a stream had come when a checkpoint was made, and from where since the one before. */
export type CheckpointLeaf = Readonly<{
  stream: string;
  from: number;
  /** -1: the stream was gone, and that was accepted. */
  to: number;
  /** The chain value of the event at `to`, hex: it covers everything before it. */
  chain: string;
  /** Signed although the stream is not what it was: what earlier leaves say of it is over. */
  accepted: boolean;
}>;

/** A compact JWS: see `CheckpointContent`. */
export type LogCheckpoint = Readonly<{ number: number; jws: string }>;

/**
 * Checkpoints in the order of their numbers, each followed by its leaves in the order of their names.
 * Can be read more than once. @throws CheckpointsUnreadable
 */
export type CheckpointSource = Readonly<{
  read(): AsyncIterable<LogCheckpoint | CheckpointLeaf>;
}>;

/** What was given for checkpoints is none. `place` says where, for people. */
export class CheckpointsUnreadable extends Error {
  constructor(place: string) {
    super(`${place} is no checkpoint as latchkey audit checkpoints --export writes it.`);
    this.name = 'CheckpointsUnreadable';
  }
}

/** A stream whose head is not what its latest leaf says. */
export type MovedStream = Readonly<{
  stream: string;
  /** Its latest leaf; undefined for a new stream. */
  leaf: Readonly<{ to: number; chain: string }> | undefined;
  /** Undefined: the stream is gone. */
  head: Omit<StreamMark, 'stream'> | undefined;
}>;

/** A checkpoint in the making: all of it is stored, or nothing. */
export type CheckpointDraft = Readonly<{
  last: LogCheckpoint | undefined;
  /** Its number: none that was ever given, even if that checkpoint is gone. */
  number: number;
  /** In the order of their names, some at a time. */
  readMoved(): AsyncIterable<readonly MovedStream[]>;
  addLeaves(leaves: readonly CheckpointLeaf[]): Promise<void>;
  /** Nothing is stored without it. */
  finish(jws: string): Promise<void>;
}>;

export type LogCheckpoints = CheckpointSource &
  Readonly<{
    /** One process at a time. */
    draft<Result>(work: (draft: CheckpointDraft) => Promise<Result>): Promise<Result>;
    /** Without their leaves, in the order of their numbers. */
    list(): Promise<readonly LogCheckpoint[]>;
  }>;
