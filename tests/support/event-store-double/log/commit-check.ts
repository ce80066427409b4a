import { recordAt } from './ordered-records.ts';
import type { LogRecord } from './stored-record.ts';

export type ExpectedRevision = bigint | 'any' | 'no_stream' | 'stream_exists';

/** A stream in the server's index. `last` is -1n for a stream without events. */
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

type AppendRequest = Readonly<{
  state: StreamState;
  expected: ExpectedRevision;
  ids: readonly string[];
  hasMetadata: boolean;
  /** Finds a recently appended event; best effort, as on the server. */
  recent: (id: string) => LogRecord | undefined;
}>;

export const isSoftDeleted = ({ last, truncateBefore }: StreamState): boolean =>
  last >= 0n && truncateBefore > last;

const checkWithoutRevision = ({ state, ids, recent }: AppendRequest): CommitCheck => {
  const known = ids.map(recent);
  const last = known.at(-1);
  if (!known[0]) return { kind: 'ok' };
  return known.every(Boolean) && last
    ? { kind: 'idempotent', last }
    : { kind: 'wrongVersion', current: state.last };
};

const checkRepetition = (
  { state, ids, expected }: AppendRequest,
  revision: bigint,
): CommitCheck => {
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

/** Applies the server's rule: an append is new, repeats an earlier one, or conflicts. */
export const checkCommit = (question: AppendRequest): CommitCheck => {
  const { state, expected, hasMetadata } = question;
  const wrong: CommitCheck = { kind: 'wrongVersion', current: state.last };
  if (state.tombstoned) return { kind: 'deleted' };
  if (expected === 'stream_exists') {
    if (isSoftDeleted(state)) return { kind: 'deleted' };
    if (state.last < 0n && !hasMetadata) return wrong;
  }
  if (expected === 'any' || expected === 'stream_exists') return checkWithoutRevision(question);
  const revision = expected === 'no_stream' ? -1n : expected;
  if (revision < state.last) return checkRepetition(question, revision);
  return revision > state.last ? wrong : { kind: 'ok' };
};
