import { describe, expect, it } from 'vitest';
import { nodeSha256 } from '../../../../src/adapters/system/node-sha256.ts';
import { toHex } from '../../../../src/application/auditing/evidence/hex-bytes.ts';
import { createMerkleTree } from '../../../../src/application/auditing/evidence/merkle-tree.ts';

const hash = (...parts: readonly (number | Uint8Array)[]): Uint8Array =>
  nodeSha256(
    Buffer.concat(parts.map((part) => Buffer.from(part instanceof Uint8Array ? part : [part]))),
  );

/** RFC 6962, 2.1, word for word. */
const rootOf = (leaves: readonly string[]): Uint8Array => {
  const [only] = leaves;
  if (only === undefined) return hash();
  if (leaves.length === 1) return hash(0x00, Buffer.from(only));
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hash(0x01, rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
};

describe('a Merkle tree', () => {
  it('has the hash of an empty string as its root while it is empty', () => {
    expect(createMerkleTree(nodeSha256).root()).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('has the root defined by RFC 6962 after every leaf', () => {
    const tree = createMerkleTree(nodeSha256);
    const leaves: string[] = [];
    for (let i = 0; i < 70; i += 1) {
      leaves.push(`leaf ${i} ä`);
      tree.add(`leaf ${i} ä`);
      expect(tree.root()).toBe(toHex(rootOf(leaves)));
    }
    expect(tree.size()).toBe(70);
  });

  it('has another root for other leaves, and for another order of them', () => {
    const roots = [['a', 'b'], ['b', 'a'], ['a'], ['a', 'b', 'b'], ['ab']].map((leaves) => {
      const tree = createMerkleTree(nodeSha256);
      for (const leaf of leaves) tree.add(leaf);
      return tree.root();
    });
    expect(new Set(roots).size).toBe(5);
  });
});
