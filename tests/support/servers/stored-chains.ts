import type { PlacedEvent } from '../../../src/adapters/event-store/event-codec.ts';
import { firstBrokenLink } from '../../../src/adapters/event-store/verify-chain.ts';
import { parseStreamName } from '../../../src/application/kernel/event-store.ts';
import type { KeptRow } from './log-of.ts';

/** Finds streams with a broken chain; needs no key, as the chain covers the stored form. */
export const brokenStreams = (log: readonly KeptRow[]): readonly string[] => {
  if (log.length === 0) throw new TypeError('nothing was stored');
  const streams = new Map<string, PlacedEvent[]>();
  for (const { stream: name, revision, ...stored } of log) {
    const events = streams.get(name) ?? [];
    events.push({ stream: parseStreamName(name), revision, stored });
    streams.set(name, events);
  }
  const broken = [...streams].filter(([, events]) => firstBrokenLink(events) !== undefined);
  return broken.map(([name]) => name);
};
