import type { FindingList } from './finding-list.ts';
import type { LogFindingKind, LogWitness } from './log-finding.ts';
import type { StoredEntry, UnreadableEntry } from './stored-log.ts';
import type { Marks, StreamNumbers } from './stream-marks.ts';

/** The stream ends that another witness has recorded. */
export type Expectation = Readonly<{ witness: LogWitness; marks: Marks }>;

type Dependencies = Readonly<{
  numbers: StreamNumbers;
  /** Filled while reading: the last event of each stream. */
  heads: Marks;
  expectations: readonly Expectation[];
  findings: FindingList;
}>;

/** How many chain values are kept that may precede the event after a tampered one. */
const MAX_CANDIDATES = 8;

/**
 * Follows every stream's chain through the log, event by event. After a broken link it continues
 * with the stored and with the computed chain value, so that one tampered event is one finding and
 * the rest of the stream is still checked.
 */
export const createChainWatch = ({ numbers, heads, expectations, findings }: Dependencies) => {
  const candidates = new Map<number, readonly string[]>();

  const candidate = (index: number, ...chains: readonly string[]): void => {
    candidates.set(index, [...(candidates.get(index) ?? []), ...chains].slice(-MAX_CANDIDATES));
  };

  const note = (
    kind: LogFindingKind,
    { stream, position, revision }: StoredEntry,
    shownBy: LogWitness,
    { from = revision, to = revision } = {},
  ): void => findings.add({ kind, stream, from, to, position, shownBy });

  const follows = (index: number, entry: StoredEntry): boolean => {
    const previous = heads.revision(index) === undefined ? undefined : heads.chain(index);
    const computed = entry.chainAfter(previous);
    const others = candidates.get(index) ?? [];
    const isFine =
      computed === entry.chain || others.some((other) => entry.chainAfter(other) === entry.chain);
    if (isFine) candidates.delete(index);
    else candidate(index, computed, previous ?? '');
    return isFine;
  };

  const compare = (index: number, entry: StoredEntry): void => {
    const disagreeing = expectations.filter(
      ({ marks }) => marks.revision(index) === entry.revision && marks.chain(index) !== entry.chain,
    );
    const witness = disagreeing.at(-1)?.witness;
    if (witness === undefined || findings.isBroken(entry.stream)) return;
    note('rewritten', entry, witness);
  };

  return {
    see: (entry: StoredEntry | UnreadableEntry): void => {
      if ('unreadable' in entry) {
        const { stream, position } = entry;
        const nowhere = { from: null, to: null, position };
        findings.add({ kind: 'unreadable', stream, ...nowhere, shownBy: 'store' });
        return;
      }
      const index = numbers.of(entry.stream);
      const next = (heads.revision(index) ?? -1) + 1;
      if (entry.revision < next) {
        note('misplaced', entry, 'chain');
        candidate(index, entry.chain);
        return;
      }
      if (entry.revision > next) {
        // The event before is missing, so the chain value cannot be checked.
        candidates.delete(index);
        note('missing', entry, 'chain', { from: next, to: entry.revision - 1 });
      } else if (!follows(index, entry)) note('altered', entry, 'chain');
      heads.set(index, entry.revision, entry.chain);
      compare(index, entry);
      if (entry.fault !== undefined) note(entry.fault, entry, 'store');
    },
  };
};

type Ends = Readonly<{ stream: string; last: number; recorded: number; known: number }>;

/**
 * After the last event: compares the ends of the streams with those that the witnesses recorded.
 */
export const compareEnds = (
  { numbers, heads, expectations, findings }: Dependencies,
  exact: boolean,
): void => {
  const endsOf = (stream: string, index: number): Ends => {
    const known = expectations.map(({ marks }) => marks.revision(index) ?? -1);
    const [recorded = -1] = known;
    const last = heads.revision(index) ?? -1;
    return { stream, last, recorded, known: Math.max(...known) };
  };

  const compare = ({ stream, last, recorded, known }: Ends): void => {
    if (known > last) {
      const kind = last === -1 ? 'stream_missing' : 'cut_off';
      const shownBy = recorded === known ? 'head' : 'checkpoint';
      findings.add({ kind, stream, from: last + 1, to: known, position: null, shownBy });
    }
    if (!exact || recorded >= last) return;
    const range = { from: recorded + 1, to: last, position: null };
    findings.add({ kind: 'unrecorded', stream, ...range, shownBy: 'head' });
  };

  for (const [stream, index] of numbers.all()) compare(endsOf(stream, index));
};
