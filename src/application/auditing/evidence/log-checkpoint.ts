import type { EvidencePayload } from './evidence-signer.ts';
import type { CheckpointLeaf } from './log-checkpoints.ts';

export const CHECKPOINT_TYPE = 'latchkey-checkpoint+jws';

/** The signed content beside time and issuer. */
export type CheckpointContent = Readonly<{
  /** From 1. */
  number: number;
  /** SHA-256 (hex) of the checkpoint before, as it was signed; null for the first. */
  previous: string | null;
  /** Root of the Merkle tree over the changed streams, in the order of their names; hex. */
  root: string;
  /** The number of leaves. */
  streams: number;
  /** Events since the checkpoint before. */
  events: number;
  /** Events in all checkpoints so far. */
  total: number;
  /** The number of streams that were signed although they contradict an earlier checkpoint. */
  accepted: number;
}>;

export type SignedContent = CheckpointContent & Pick<EvidencePayload, 'iat' | 'iss'>;

/** Encodes a leaf unambiguously, whatever characters its names have. */
export const leafText = ({ stream, from, to, chain, accepted }: CheckpointLeaf): string =>
  JSON.stringify(accepted ? [stream, from, to, chain, 'accepted'] : [stream, from, to, chain]);

const COUNTS = ['number', 'streams', 'events', 'total', 'accepted', 'iat'] as const;

/** The range of `Date`, in seconds since 1970. */
const LATEST = 8_640_000_000_000;

const isContent = (value: unknown): value is SignedContent => {
  if (typeof value !== 'object' || value === null) return false;
  const content: Readonly<Record<string, unknown>> = { ...value };
  return (
    COUNTS.every((name) => Number.isSafeInteger(content[name])) &&
    Math.abs(Number(content.iat)) <= LATEST &&
    typeof content.root === 'string' &&
    (content.previous === null || typeof content.previous === 'string') &&
    typeof content.iss === 'string'
  );
};

const decodeBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );

/** Reads a checkpoint without verifying its signature; undefined if it is malformed. */
export const readCheckpointContent = (jws: string): SignedContent | undefined => {
  try {
    const [, payload = ''] = jws.split('.');
    const value: unknown = JSON.parse(new TextDecoder().decode(decodeBase64Url(payload)));
    return isContent(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
