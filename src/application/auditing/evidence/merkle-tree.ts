import type { Sha256 } from '../../kernel/sha256.ts';
import { toHex } from './hex-bytes.ts';

type Subtree = Readonly<{ leaves: number; hash: Uint8Array }>;

const LEAF = 0x00;
const NODE = 0x01;

const encoder = new TextEncoder();

const prefixed = (prefix: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(1 + parts.reduce((sum, { length }) => sum + length, 0));
  bytes[0] = prefix;
  let offset = 1;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
};

export type MerkleTree = Readonly<{
  add(leaf: string): void;
  /** The number of leaves so far. */
  size(): number;
  /** Hex. */
  root(): string;
}>;

/**
 * The tree of RFC 6962, 2.1, grown leaf by leaf: leaves and nodes are hashed with different
 * prefixes, so that neither is accepted as the other. It keeps one hash per complete subtree, not
 * the leaves.
 */
export const createMerkleTree = (sha256: Sha256): MerkleTree => {
  const complete: Subtree[] = [];
  let size = 0;

  const join = (left: Subtree, right: Subtree): Subtree => ({
    leaves: left.leaves + right.leaves,
    hash: sha256(prefixed(NODE, left.hash, right.hash)),
  });

  return {
    add: (leaf) => {
      let grown: Subtree = { leaves: 1, hash: sha256(prefixed(LEAF, encoder.encode(leaf))) };
      for (let last = complete.at(-1); last?.leaves === grown.leaves; last = complete.at(-1)) {
        complete.pop();
        grown = join(last, grown);
      }
      complete.push(grown);
      size += 1;
    },
    size: () => size,
    root: () => {
      const whole = complete.reduceRight<Subtree | undefined>(
        (right, left) => (right === undefined ? left : join(left, right)),
        undefined,
      );
      return toHex(whole === undefined ? sha256(new Uint8Array()) : whole.hash);
    },
  };
};
