import type { PlacedEvent } from './event-codec.ts';
import { CHAIN_START, chainValue } from './stored-event.ts';

/**
 * Finds the revision of a stream's first event that was altered, removed or moved; undefined when
 * the chain is intact. A truncated tail leaves no broken link.
 */
export const firstBrokenLink = (events: readonly PlacedEvent[]): bigint | undefined => {
  let previous = CHAIN_START;
  let expected = 0n;
  for (const { stream, revision, stored } of events) {
    const chain = chainValue(previous, stream, expected, stored);
    if (revision !== expected || chain !== stored.metadata.chain) return expected;
    previous = chain;
    expected += 1n;
  }
  return undefined;
};
