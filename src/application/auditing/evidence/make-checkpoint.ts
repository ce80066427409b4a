import type { Sha256 } from '../../kernel/sha256.ts';
import { checkMovedStreams } from './check-moved-streams.ts';
import type { EvidenceSigner } from './evidence-signer.ts';
import { createFindingList, type FindingList } from './finding-list.ts';
import {
  CHECKPOINT_TYPE,
  type CheckpointContent,
  leafText,
  readCheckpointContent,
} from './log-checkpoint.ts';
import type {
  CheckpointDraft,
  CheckpointLeaf,
  LogCheckpoint,
  LogCheckpoints,
} from './log-checkpoints.ts';
import type { LogFinding } from './log-finding.ts';
import { createMerkleTree, type MerkleTree } from './merkle-tree.ts';
import type { StoredLog } from './stored-log.ts';
import { hashOfCheckpoint } from './verify-checkpoints.ts';

type Dependencies = Readonly<{
  checkpoints: Pick<LogCheckpoints, 'draft'>;
  storedLog: Pick<StoredLog, 'readSpans'>;
  evidence: Pick<EvidenceSigner, 'sign' | 'verify'>;
  sha256: Sha256;
}>;

/**
 * `refused`: the log was changed, so nothing was signed. `forged`: the latest checkpoint has no
 * signature of this service, so nothing was signed.
 */
export type CheckpointOutcome =
  | Readonly<{ kind: 'made'; checkpoint: LogCheckpoint; content: CheckpointContent }>
  | Readonly<{ kind: 'nothing_new' }>
  | Readonly<{ kind: 'forged'; number: number }>
  | Readonly<{ kind: 'refused'; findings: readonly LogFinding[]; totalFindings: number }>;

type Sums = { events: number; accepted: number };
type Gathering = Readonly<{
  draft: CheckpointDraft;
  tree: MerkleTree;
  findings: FindingList;
  sums: Sums;
}>;

const addUp = (sums: Sums, leaves: readonly CheckpointLeaf[]): void => {
  for (const { from, to, accepted } of leaves) {
    if (accepted) sums.accepted += 1;
    else sums.events += to - from + 1;
  }
};

export type MakeCheckpoint = ReturnType<typeof createMakeCheckpoint>;

/**
 * Signs the ends of all streams that changed since the checkpoint before. The chain of every event
 * that it covers is verified first; a log that was changed is not signed unless `accept` is set:
 * then the checkpoint marks the changed streams as accepted.
 */
export const createMakeCheckpoint = ({
  checkpoints,
  storedLog,
  evidence,
  sha256,
}: Dependencies) => {
  const gather = async ({ draft, tree, findings, sums }: Gathering): Promise<void> => {
    for await (const moved of draft.readMoved()) {
      const leaves = await checkMovedStreams(storedLog, moved, findings);
      for (const leaf of leaves) tree.add(leafText(leaf));
      addUp(sums, leaves);
      await draft.addLeaves(leaves);
    }
  };

  const sign = async ({
    draft: { last, number },
    tree,
    sums,
  }: Gathering): Promise<Extract<CheckpointOutcome, { kind: 'made' }>> => {
    const content: CheckpointContent = {
      number,
      previous: last === undefined ? null : hashOfCheckpoint(sha256, last.jws),
      root: tree.root(),
      streams: tree.size(),
      events: sums.events,
      total: (last ? (readCheckpointContent(last.jws)?.total ?? 0) : 0) + sums.events,
      accepted: sums.accepted,
    };
    const jws = await evidence.sign(CHECKPOINT_TYPE, content);
    return { kind: 'made', checkpoint: { number, jws }, content };
  };

  /** A signature also covers the checkpoint before, so that one must be signed by this service. */
  const isOurs = async ({ jws }: LogCheckpoint): Promise<boolean> =>
    (await evidence.verify(CHECKPOINT_TYPE, jws)).verified;

  return ({ accept = false } = {}): Promise<CheckpointOutcome> =>
    checkpoints.draft(async ({ last: newest, ...table }) => {
      const last = newest !== undefined && (await isOurs(newest)) ? newest : undefined;
      if (newest !== last && !accept) return { kind: 'forged', number: newest?.number ?? 0 };
      const draft = { ...table, last };
      const gathering: Gathering = {
        draft,
        tree: createMerkleTree(sha256),
        findings: createFindingList(),
        sums: { events: 0, accepted: 0 },
      };
      await gather(gathering);
      const totalFindings = gathering.findings.total();
      if (totalFindings > 0 && !accept) {
        return { kind: 'refused', findings: gathering.findings.kept(), totalFindings };
      }
      if (gathering.tree.size() === 0) return { kind: 'nothing_new' };
      const made = await sign(gathering);
      await draft.finish(made.checkpoint.jws);
      return made;
    });
};
