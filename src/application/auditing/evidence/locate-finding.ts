import type { CheckpointLeaf } from './log-checkpoints.ts';
import type { Between, CheckpointMoment, LogFinding } from './log-finding.ts';
import type { StoredEntry } from './stored-log.ts';

/** A leaf and the time of its checkpoint. */
export type DatedLeaf = Readonly<{ leaf: CheckpointLeaf; moment: CheckpointMoment }>;

const afterwards = (dated: DatedLeaf | undefined): Between => ({
  after: dated?.moment ?? null,
  before: null,
});

/** Drops the leaves before the latest accepted one: they describe a history that was given up. */
export const sinceAccepted = (leaves: readonly DatedLeaf[]): readonly DatedLeaf[] =>
  leaves.slice(
    Math.max(
      0,
      leaves.findLastIndex(({ leaf }) => leaf.accepted),
    ),
  );

/**
 * The first checkpoint that covers an event verified its chain, so the change happened afterwards.
 */
const altered = (finding: LogFinding, leaves: readonly DatedLeaf[]): LogFinding => {
  const { from } = finding;
  const covering = leaves.find(({ leaf }) => from !== null && leaf.to >= from);
  return { ...finding, between: afterwards(covering) };
};

/** A checkpoint whose leaf covers an event was made while it existed. */
const cutOff = (finding: LogFinding, leaves: readonly DatedLeaf[]): LogFinding => {
  const { from } = finding;
  const witnesses = leaves.filter(({ leaf }) => from !== null && leaf.to >= from);
  return { ...finding, between: afterwards(witnesses.at(-1)) };
};

const rewritten = (
  finding: LogFinding,
  leaves: readonly DatedLeaf[],
  stream: readonly StoredEntry[],
): LogFinding => {
  const chains = new Map(stream.map(({ revision, chain }) => [revision, chain]));
  const agrees = ({ leaf }: DatedLeaf) => chains.get(leaf.to) === leaf.chain;
  const first = leaves.findIndex((dated) => !agrees(dated));
  const untouched = first === -1 ? leaves.at(-1) : leaves[first - 1];
  const from = untouched === undefined ? 0 : untouched.leaf.to + 1;
  const lastDenying = leaves.findLastIndex((dated) => !agrees(dated));
  const position = stream.find(({ revision }) => revision === from)?.position ?? finding.position;
  return {
    ...finding,
    from,
    to: leaves[first]?.leaf.to ?? finding.to,
    position,
    between: {
      after: (leaves[lastDenying] ?? leaves.at(-1))?.moment ?? null,
      before: lastDenying === -1 ? null : (leaves[lastDenying + 1]?.moment ?? null),
    },
  };
};

/**
 * Finds the checkpoints between which a change happened, and the start of a rewritten history.
 * @param leaves of the finding's stream, in the order of their checkpoints
 * @param stream its current events; needed for `rewritten` only
 */
export const locateFinding = (
  finding: LogFinding,
  leaves: readonly DatedLeaf[],
  stream: readonly StoredEntry[],
): LogFinding => {
  switch (finding.kind) {
    case 'altered':
    case 'missing':
    case 'misplaced':
    case 'column_differs':
    case 'personal_data_unreadable':
      return altered(finding, leaves);
    case 'cut_off':
    case 'stream_missing':
    case 'hidden':
      return cutOff(finding, leaves);
    case 'rewritten':
      return rewritten(finding, leaves, stream);
    case 'unrecorded':
    case 'unreadable':
      return finding;
  }
};
