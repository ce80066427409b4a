import { compareEnds, createChainWatch, type Expectation } from './chain-watch.ts';
import type { EvidenceKey } from './evidence-signer.ts';
import { createFindingList, type FindingList } from './finding-list.ts';
import { type KnownCheckpoints, readKnownCheckpoints } from './known-checkpoints.ts';
import { type DatedLeaf, locateFinding, sinceAccepted } from './locate-finding.ts';
import type { CheckpointSource } from './log-checkpoints.ts';
import type { CheckpointFinding, CheckpointMoment, LogFinding } from './log-finding.ts';
import { rememberHeads, rememberLeaves } from './remember-streams.ts';
import type { LogView, StoredLog } from './stored-log.ts';
import {
  createMarks,
  createStreamNumbers,
  type Marks,
  type StreamNumbers,
} from './stream-marks.ts';
import type { VerifyCheckpoints } from './verify-checkpoints.ts';

type Dependencies = Readonly<{
  storedLog: Pick<StoredLog, 'inspect'>;
  checkpoints: CheckpointSource;
  verifyCheckpoints: VerifyCheckpoints;
}>;

type Options = Readonly<{
  /** Checkpoints kept outside the database, which the log is compared with as well. */
  file?: CheckpointSource | undefined;
  /** Accepts signatures of this key only. */
  key?: EvidenceKey | undefined;
  /** Decrypts what can be decrypted. */
  deep?: boolean;
  onProgress?: (events: number, total: number) => void;
}>;

export type LogVerification = Readonly<{
  events: number;
  streams: number;
  /** The number of trusted checkpoints. */
  checkpoints: number;
  lastCheckpoint: CheckpointMoment | null;
  checkpointFindings: readonly CheckpointFinding[];
  /** The first thousand. */
  findings: readonly LogFinding[];
  totalFindings: number;
}>;

type Memory = Readonly<{ numbers: StreamNumbers; heads: Marks; findings: FindingList }>;

const leavesOf = async (
  known: KnownCheckpoints,
  streams: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly DatedLeaf[]>> => {
  const found = new Map<string, DatedLeaf[]>();
  if (streams.size === 0) return found;
  for await (const dated of known.readLeaves()) {
    const { stream } = dated.leaf;
    if (streams.has(stream)) found.set(stream, [...(found.get(stream) ?? []), dated]);
  }
  return found;
};

const locate = async (
  view: LogView,
  known: KnownCheckpoints,
  findings: readonly LogFinding[],
): Promise<readonly LogFinding[]> => {
  const leaves = await leavesOf(known, new Set(findings.map(({ stream }) => stream)));
  const located: LogFinding[] = [];
  for (const finding of findings) {
    const { stream, kind } = finding;
    const events = kind === 'rewritten' ? await view.readStream(stream) : [];
    located.push(locateFinding(finding, sinceAccepted(leaves.get(stream) ?? []), events));
  }
  return located;
};

/** A deletion, truncation or limit always hides the first events of a stream. */
const addHidden = async (view: LogView, { numbers, heads, findings }: Memory): Promise<void> => {
  for (const { stream, shownFrom } of await view.readHidden()) {
    const to = shownFrom === undefined ? heads.revision(numbers.of(stream)) : shownFrom - 1;
    if (to === undefined || to < 0) continue;
    findings.add({ kind: 'hidden', stream, from: 0, to, position: null, shownBy: 'store' });
  }
};

export type VerifyLog = ReturnType<typeof createVerifyLog>;

/**
 * Checks whether the log is unchanged: compares every stream's chain with the heads that the
 * database keeps apart from it and with signed checkpoints, and locates each fault. Memory grows
 * with the number of streams, by about 200 bytes each, not with the number of events.
 */
export const createVerifyLog = ({ storedLog, checkpoints, verifyCheckpoints }: Dependencies) => {
  const walk = async (
    view: LogView,
    memory: Memory & Readonly<{ expectations: readonly Expectation[] }>,
    { deep = false, onProgress = () => undefined }: Options,
  ): Promise<number> => {
    const watch = createChainWatch(memory);
    const total = await view.count();
    let events = 0;
    for await (const page of view.readEvents(deep)) {
      for (const entry of page) watch.see(entry);
      events += page.length;
      onProgress(events, Math.max(total, events));
    }
    compareEnds(memory, view.exact);
    await addHidden(view, memory);
    return events;
  };

  return async (options: Options = {}): Promise<LogVerification> => {
    const { file, key } = options;
    // Read before the log: events appended meanwhile are then in no checkpoint that was read.
    const known = await readKnownCheckpoints(verifyCheckpoints, {
      database: checkpoints,
      file,
      key,
    });
    const numbers = createStreamNumbers();
    const leaves = await rememberLeaves(known, numbers);
    const memory = { numbers, heads: createMarks(), findings: createFindingList() };
    return storedLog.inspect(async (view) => {
      const expectations: readonly Expectation[] = [
        { witness: 'head', marks: await rememberHeads(view, numbers) },
        { witness: 'checkpoint', marks: leaves.marks },
      ];
      const events = await walk(view, { ...memory, expectations }, options);
      const detached = [...leaves.detached].map(
        (number): CheckpointFinding => ({ kind: 'detached', number, source: 'database' }),
      );
      return {
        events,
        streams: numbers.size(),
        checkpoints: known.trusted,
        lastCheckpoint: known.last ?? null,
        checkpointFindings: [...known.findings, ...detached],
        findings: await locate(view, known, memory.findings.kept()),
        totalFindings: memory.findings.total(),
      };
    });
  };
};
