import type { EvidenceKey } from './evidence-signer.ts';
import type { DatedLeaf } from './locate-finding.ts';
import type { CheckpointLeaf, CheckpointSource } from './log-checkpoints.ts';
import type { CheckpointFinding, CheckpointMoment } from './log-finding.ts';
import {
  type CheckpointVerdict,
  isLeaf,
  type JudgedCheckpoint,
  type VerifyCheckpoints,
} from './verify-checkpoints.ts';

/** The trusted checkpoints of all sources. */
export type KnownCheckpoints = Readonly<{
  findings: readonly CheckpointFinding[];
  /** How many are trusted. */
  trusted: number;
  last: CheckpointMoment | undefined;
  readLeaves(): AsyncIterable<DatedLeaf>;
}>;

type Sources = Readonly<{
  database: CheckpointSource;
  /** Checkpoints kept outside the database. */
  file: CheckpointSource | undefined;
  /** The only key to accept; undefined: every known key. */
  key: EvidenceKey | undefined;
}>;

const nothing: CheckpointVerdict = { checkpoints: [], findings: [] };

/** Finds the trusted checkpoints of the file that the table lacks or has differently. */
const compare = (
  file: readonly JudgedCheckpoint[],
  database: readonly JudgedCheckpoint[],
): readonly CheckpointFinding[] => {
  const kept = new Map(database.map(({ number, jws }) => [number, jws]));
  return file.flatMap(({ number, jws, trusted }): readonly CheckpointFinding[] => {
    const stored = kept.get(number);
    if (!trusted || stored === jws) return [];
    const kind = stored === undefined ? 'removed' : 'differs';
    return [{ kind, number, source: 'database' }];
  });
};

/** The leaves of the checkpoints that `moments` names. */
async function* leavesIn(
  source: CheckpointSource,
  moments: ReadonlyMap<number, CheckpointMoment>,
): AsyncIterable<DatedLeaf> {
  let moment: CheckpointMoment | undefined;
  for await (const record of source.read()) {
    if (!isLeaf(record)) moment = moments.get(record.number);
    else if (moment !== undefined) yield { leaf: record, moment };
  }
}

const trustedIn = (
  { checkpoints }: CheckpointVerdict,
  after: number,
): ReadonlyMap<number, CheckpointMoment> =>
  new Map(
    checkpoints
      .filter(({ number, trusted }) => trusted && number > after)
      .map(({ number, madeAt }) => [number, { number, madeAt }]),
  );

/**
 * A leaf that does not begin where the earlier one ended: it was signed without knowing that one.
 */
export const isDetached = (
  { from, accepted }: CheckpointLeaf,
  earlier: number | undefined,
): boolean => !accepted && earlier !== undefined && from !== earlier + 1;

/**
 * Reads the file first, which cannot be changed from within the database, then the table's later
 * ones.
 */
export const readKnownCheckpoints = async (
  verifyCheckpoints: VerifyCheckpoints,
  { database, file, key }: Sources,
): Promise<KnownCheckpoints> => {
  const kept = file === undefined ? nothing : await verifyCheckpoints('file', file, key);
  const stored = await verifyCheckpoints('database', database, key);
  const differences = file === undefined ? [] : compare(kept.checkpoints, stored.checkpoints);
  const fromFile = trustedIn(kept, 0);
  const fromDatabase = trustedIn(stored, Math.max(0, ...fromFile.keys()));
  return {
    findings: [...kept.findings, ...stored.findings, ...differences],
    trusted: fromFile.size + fromDatabase.size,
    last: [...fromFile.values(), ...fromDatabase.values()].at(-1),
    readLeaves: async function* () {
      if (file !== undefined) yield* leavesIn(file, fromFile);
      yield* leavesIn(database, fromDatabase);
    },
  };
};
