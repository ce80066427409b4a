import type { StoredEntry } from '../../application/auditing/evidence/stored-log.ts';
import { CHAIN_START, chainValueIn, type StoredEvent } from './stored-event.ts';

type Place = Readonly<{ stream: string; revision: number; position: string }>;

/** What stands where it should be: no chain value of any event. */
const textOf = (chain: unknown): string => (typeof chain === 'string' ? chain : '');

/** A stored event as evidence: its metadata may hold anything. */
export const toStoredEntry = (
  { stream, revision, position }: Place,
  stored: StoredEvent,
  fault: StoredEntry['fault'],
): StoredEntry => ({
  stream,
  revision,
  position,
  chain: textOf(stored.metadata.chain),
  chainAfter: (previous) => chainValueIn(previous ?? CHAIN_START, stream, revision, stored),
  fault,
});
