import type { FindingList } from './finding-list.ts';
import type { CheckpointLeaf, MovedStream } from './log-checkpoints.ts';
import type { LogFinding } from './log-finding.ts';
import type { StoredEntry, StoredLog, StreamSpan } from './stored-log.ts';

/** How many events are kept in memory at once. */
const AT_ONCE = 2_000;
/** Stands for the chain value of a missing stream. */
const NO_CHAIN = '0'.repeat(64);

/** A stream that has grown since its last leaf, if it has one. */
type Grown = Readonly<{ moved: MovedStream; from: number; to: number; chain: string }>;

const grownFrom = (moved: MovedStream): Grown | undefined => {
  const { head, leaf } = moved;
  if (head === undefined || head.revision <= (leaf?.to ?? -1)) return undefined;
  return { moved, from: (leaf?.to ?? -1) + 1, to: head.revision, chain: head.chain };
};

/** Splits the streams into batches; a long stream is split, too. */
function* piecesOf(grown: readonly Grown[]): Iterable<readonly StreamSpan[]> {
  let piece: StreamSpan[] = [];
  let size = 0;
  for (const { moved, from, to } of grown) {
    for (let start = from; start <= to; start += AT_ONCE) {
      const end = Math.min(to, start + AT_ONCE - 1);
      if (size + end - start + 1 > AT_ONCE) {
        yield piece;
        piece = [];
        size = 0;
      }
      piece.push({ stream: moved.stream, from: start, to: end });
      size += end - start + 1;
    }
  }
  if (piece.length > 0) yield piece;
}

/** Finds a contradiction between the head and the last leaf, without reading events. */
const contradiction = ({
  stream,
  head,
  leaf,
}: MovedStream): Omit<LogFinding, 'between'> | undefined => {
  if (leaf === undefined || (head !== undefined && head.revision > leaf.to)) return undefined;
  const common = { stream, to: leaf.to, position: null, shownBy: 'checkpoint' } as const;
  if (head === undefined) return { ...common, kind: 'stream_missing', from: 0 };
  if (head.revision === leaf.to) return { ...common, kind: 'rewritten', from: null };
  return { ...common, kind: 'cut_off', from: head.revision + 1 };
};

type End = Readonly<{ next: number; chain: string | undefined }>;

const seeEntry = (
  { stream, revision, position, chain, chainAfter, fault }: StoredEntry,
  end: End,
  findings: FindingList,
): End => {
  const place = { stream, position, shownBy: 'chain' } as const;
  if (revision !== end.next) {
    findings.add({ ...place, kind: 'missing', from: end.next, to: revision - 1 });
  } else if (chainAfter(end.chain) !== chain) {
    findings.add({ ...place, kind: 'altered', from: revision, to: revision });
  }
  if (fault !== undefined) findings.add({ ...place, kind: fault, from: revision, to: revision });
  return { next: revision + 1, chain };
};

const compareWithHead = (
  { moved: { stream }, to, chain }: Grown,
  end: End,
  findings: FindingList,
): void => {
  const common = { stream, position: null, shownBy: 'head' } as const;
  if (end.next <= to) findings.add({ ...common, kind: 'cut_off', from: end.next, to });
  else if (end.chain !== chain && !findings.isBroken(stream)) {
    findings.add({ ...common, kind: 'rewritten', from: null, to });
  }
};

/** Verifies the chain from the last leaf of each stream to its head. */
const checkGrown = async (
  storedLog: Pick<StoredLog, 'readSpans'>,
  grown: readonly Grown[],
  findings: FindingList,
): Promise<void> => {
  const startOf = ({ moved, from }: Grown): End => ({ next: from, chain: moved.leaf?.chain });
  const ends = new Map(grown.map((each) => [each.moved.stream, startOf(each)]));
  for (const piece of piecesOf(grown)) {
    for (const entry of await storedLog.readSpans(piece)) {
      const end = ends.get(entry.stream);
      if (end !== undefined) ends.set(entry.stream, seeEntry(entry, end, findings));
    }
  }
  for (const each of grown) {
    compareWithHead(each, ends.get(each.moved.stream) ?? startOf(each), findings);
  }
};

/** Verifies the changed streams. @returns their leaves in the next checkpoint */
export const checkMovedStreams = async (
  storedLog: Pick<StoredLog, 'readSpans'>,
  streams: readonly MovedStream[],
  findings: FindingList,
): Promise<readonly CheckpointLeaf[]> => {
  for (const moved of streams) {
    const found = contradiction(moved);
    if (found !== undefined) findings.add(found);
  }
  await checkGrown(
    storedLog,
    streams.flatMap((moved) => grownFrom(moved) ?? []),
    findings,
  );
  return streams.map((moved): CheckpointLeaf => {
    const { stream, head } = moved;
    const grown = grownFrom(moved);
    return {
      stream,
      from: grown?.from ?? 0,
      to: head?.revision ?? -1,
      chain: head?.chain ?? NO_CHAIN,
      accepted: findings.names(stream),
    };
  });
};
