import { recordAt } from './ordered-records.ts';
import type { LogRecord } from './stored-record.ts';

export type ExpectedRevision = bigint | 'any' | 'no_stream' | 'stream_exists';

/** A stream as the server's index knows it. `last` is -1n for a stream nobody wrote to. */
export type StreamState = {
  readonly records: LogRecord[];
  last: bigint;
  truncateBefore: bigint;
  maxCount: bigint | undefined;
  tombstoned: boolean;
};

export type CommitCheck =
  | Readonly<{ kind: 'ok' }>
  | Readonly<{ kind: 'idempotent'; last: LogRecord }>
  | Readonly<{ kind: 'wrongVersion'; current: bigint }>
  | Readonly<{ kind: 'deleted' }>;

type Question = Readonly<{
  state: StreamState;
  expected: ExpectedRevision;
  ids: readonly string[];
  hasMetadata: boolean;
  /** Best effort, as on the server: only what was appended lately. */
  recent: (id: string) => LogRecord | undefined;
}>;

export const isSoftDeleted = ({ last, truncateBefore }: StreamState): boolean =>
  last >= 0n && truncateBefore > last;

const checkWithoutRevision = ({ state, ids, recent }: Question): CommitCheck => {
  const known = ids.map(recent);
  const last = known.at(-1);
  if (!known[0]) return { kind: 'ok' };
  return known.every(Boolean) && last
    ? { kind: 'idempotent', last }
    : { kind: 'wrongVersion', current: state.last };
};

const checkBehind = ({ state, ids, expected }: Question, revision: bigint): CommitCheck => {
  const wrong: CommitCheck = { kind: 'wrongVersion', current: state.last };
  let last: LogRecord | undefined;
  for (const [index, id] of ids.entries()) {
    const stored = recordAt(state.records, revision + 1n + BigInt(index));
    if (stored?.id !== id)
      return index === 0 && expected === 'no_stream' && isSoftDeleted(state)
        ? { kind: 'ok' }
        : wrong;
    last = stored;
  }
  return last ? { kind: 'idempotent', last } : wrong;
};

/** The server's rule for an append: new, the repetition of an earlier one, or in conflict. */
export const checkCommit = (question: Question): CommitCheck => {
  const { state, expected, hasMetadata } = question;
  const wrong: CommitCheck = { kind: 'wrongVersion', current: state.last };
  if (state.tombstoned) return { kind: 'deleted' };
  if (expected === 'stream_exists') {
    if (isSoftDeleted(state)) return { kind: 'deleted' };
    if (state.last < 0n && !hasMetadata) return wrong;
  }
  if (expected === 'any' || expected === 'stream_exists') return checkWithoutRevision(question);
  const revision = expected === 'no_stream' ? -1n : expected;
  if (revision < state.last) return checkBehind(question, revision);
  return revision > state.last ? wrong : { kind: 'ok' };
};
