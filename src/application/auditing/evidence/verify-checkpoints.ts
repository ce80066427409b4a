import type { Sha256 } from '../../kernel/sha256.ts';
import type { EvidenceKey, EvidenceSigner } from './evidence-signer.ts';
import { toHex } from './hex-bytes.ts';
import {
  CHECKPOINT_TYPE,
  leafText,
  readCheckpointContent,
  type SignedContent,
} from './log-checkpoint.ts';
import type { CheckpointLeaf, CheckpointSource, LogCheckpoint } from './log-checkpoints.ts';
import type { CheckpointFinding, CheckpointFindingKind, CheckpointMoment } from './log-finding.ts';
import { createMerkleTree, type MerkleTree } from './merkle-tree.ts';

type Dependencies = Readonly<{
  evidence: Pick<EvidenceSigner, 'verify'>;
  sha256: Sha256;
}>;

/** A checkpoint that was read; `whole`: its leaves are those that were signed. */
type ReadCheckpoint = Readonly<{
  number: number;
  jws: string;
  hash: string;
  content: SignedContent | undefined;
  whole: boolean;
}>;

/** `trusted`: whole, and signed or named by a later trusted one. */
export type JudgedCheckpoint = CheckpointMoment &
  Readonly<{ jws: string; content: SignedContent | undefined; trusted: boolean }>;

export type CheckpointVerdict = Readonly<{
  checkpoints: readonly JudgedCheckpoint[];
  findings: readonly CheckpointFinding[];
}>;

const encoder = new TextEncoder();
const EPOCH = '1970-01-01T00:00:00.000Z';

export const hashOfCheckpoint = (sha256: Sha256, jws: string): string =>
  toHex(sha256(encoder.encode(jws)));

const momentOf = ({ number, content }: ReadCheckpoint): CheckpointMoment => ({
  number,
  madeAt: content === undefined ? EPOCH : new Date(content.iat * 1000).toISOString(),
});

export const isLeaf = (record: LogCheckpoint | CheckpointLeaf): record is CheckpointLeaf =>
  'stream' in record;

/** Limits the memory that a check needs, even after a checkpoint with an invented number. */
const MAX_GAP = 1_000;

const between = (next: number, number: number): readonly number[] =>
  Array.from({ length: Math.max(0, Math.min(number - next, MAX_GAP)) }, (_, gap) => next + gap);

const isWhole = (number: number, content: SignedContent | undefined, tree: MerkleTree): boolean =>
  content !== undefined &&
  content.number === number &&
  content.streams === tree.size() &&
  content.root === tree.root();

export type VerifyCheckpoints = ReturnType<typeof createVerifyCheckpoints>;

/**
 * Checks whether a series of checkpoints is what was signed. Each names the hash of the one before,
 * so one signature covers all before it, whichever key signed them.
 */
export const createVerifyCheckpoints = ({ evidence, sha256 }: Dependencies) => {
  const readAll = async (source: CheckpointSource): Promise<readonly ReadCheckpoint[]> => {
    const found: ReadCheckpoint[] = [];
    let open: LogCheckpoint | undefined;
    let tree = createMerkleTree(sha256);
    const close = (): void => {
      if (open === undefined) return;
      const content = readCheckpointContent(open.jws);
      const whole = isWhole(open.number, content, tree);
      found.push({ ...open, hash: hashOfCheckpoint(sha256, open.jws), content, whole });
    };
    for await (const record of source.read()) {
      if (isLeaf(record)) {
        tree.add(leafText(record));
        continue;
      }
      close();
      open = record;
      tree = createMerkleTree(sha256);
    }
    close();
    return found;
  };

  /** Walks back from the newest, so that one signature is enough while the links are intact. */
  const findTrusted = async (
    read: readonly ReadCheckpoint[],
    key: EvidenceKey | undefined,
  ): Promise<ReadonlySet<number>> => {
    const trusted = new Set<number>();
    let next: ReadCheckpoint | undefined;
    for (const checkpoint of [...read].reverse()) {
      const { number, jws, hash } = checkpoint;
      const isNamed =
        next !== undefined && trusted.has(next.number) && next.content?.previous === hash;
      if (isNamed || (await evidence.verify(CHECKPOINT_TYPE, jws, key)).verified) {
        trusted.add(number);
      }
      next = checkpoint;
    }
    return trusted;
  };

  return async (
    origin: CheckpointFinding['source'],
    source: CheckpointSource,
    key?: EvidenceKey,
  ): Promise<CheckpointVerdict> => {
    const read = await readAll(source);
    const trusted = await findTrusted(read, key);
    const findings: CheckpointFinding[] = [];
    const note = (kind: CheckpointFindingKind, number: number) =>
      findings.push({ kind, number, source: origin });
    let before: ReadCheckpoint | undefined;
    for (const checkpoint of read) {
      const { number, content, whole } = checkpoint;
      const next = (before?.number ?? 0) + 1;
      for (const gone of between(next, number)) note('removed', gone);
      if (!whole) note('altered', number);
      else if (!trusted.has(number)) note('unsigned', number);
      else if (number === next && (content?.previous ?? null) !== (before?.hash ?? null)) {
        note('unlinked', number);
      }
      before = checkpoint;
    }
    const checkpoints = read.map((checkpoint) => ({
      ...momentOf(checkpoint),
      jws: checkpoint.jws,
      content: checkpoint.content,
      trusted: checkpoint.whole && trusted.has(checkpoint.number),
    }));
    return { checkpoints, findings };
  };
};
