import type { StoredEntry } from '../../application/auditing/evidence/stored-log.ts';
import { CHAIN_START, chainValueIn, type StoredEvent } from './stored-event.ts';

type Place = Readonly<{ stream: string; revision: number; position: string }>;

/** An empty text equals no chain value. */
const textOf = (chain: unknown): string => (typeof chain === 'string' ? chain : '');

/** Converts a stored event to an entry of evidence. Its metadata may have been tampered with. */
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
