import { toHex, writeHex } from './hex-bytes.ts';

const CHAIN_BYTES = 32;
const FIRST_SIZE = 1_024;
/** Zero stands for no mark; the lowest revision is -1, of a missing stream. */
const OFFSET = 2;

export type Marks = ReturnType<typeof createMarks>;

/**
 * Keeps a revision and its chain value per stream number, in 40 bytes each for millions of streams.
 */
export const createMarks = () => {
  let revisions = new Float64Array(FIRST_SIZE);
  let chains = new Uint8Array(FIRST_SIZE * CHAIN_BYTES);

  const growFor = (index: number): void => {
    if (index < revisions.length) return;
    const size = Math.max(index + 1, revisions.length * 2);
    const [grownRevisions, grownChains] = [
      new Float64Array(size),
      new Uint8Array(size * CHAIN_BYTES),
    ];
    grownRevisions.set(revisions);
    grownChains.set(chains);
    revisions = grownRevisions;
    chains = grownChains;
  };

  return {
    set: (index: number, revision: number, chain: string): void => {
      growFor(index);
      revisions[index] = revision + OFFSET;
      writeHex(chain, chains, index * CHAIN_BYTES, CHAIN_BYTES);
    },
    /** Undefined if no mark was set. */
    revision: (index: number): number | undefined => {
      const kept = revisions[index] ?? 0;
      return kept === 0 ? undefined : kept - OFFSET;
    },
    chain: (index: number): string =>
      toHex(chains.subarray(index * CHAIN_BYTES, (index + 1) * CHAIN_BYTES)),
  };
};

/** Numbers streams in the order of their first appearance. */
export type StreamNumbers = ReturnType<typeof createStreamNumbers>;

export const createStreamNumbers = () => {
  const numbers = new Map<string, number>();
  return {
    of: (stream: string): number => {
      const known = numbers.get(stream);
      if (known !== undefined) return known;
      numbers.set(stream, numbers.size);
      return numbers.size - 1;
    },
    size: (): number => numbers.size,
    all: (): IterableIterator<[stream: string, index: number]> => numbers.entries(),
  };
};
