import type { StoredEntry } from '../../application/ports/stored-log.ts';
import { CHAIN_START, chainValueIn, type StoredEvent } from './stored-event.ts';

type Place = Readonly<{ stream: string; revision: number; position: string }>;

/** A stored event as evidence: its metadata may hold anything. */
export const toStoredEntry = (
  { stream, revision, position }: Place,
  stored: StoredEvent,
  fault: StoredEntry['fault'],
): StoredEntry => ({
  stream,
  revision,
  position,
  chain: String(stored.metadata.chain),
  chainAfter: (previous) => chainValueIn(previous ?? CHAIN_START, stream, revision, stored),
  fault,
});
