import { createHash } from 'node:crypto';
import { canonicalJson } from '../../application/kernel/canonical-json.ts';
import type { EventMetadata, StreamId } from '../../application/kernel/event-store.ts';
import { streamName } from '../../application/kernel/event-store.ts';

/** An event as a store keeps it: personal fields encrypted, everything else readable. */
export type StoredEvent = Readonly<{
  eventId: string;
  type: string;
  schemaVersion: number;
  data: Readonly<Record<string, unknown>>;
  metadata: EventMetadata &
    Readonly<{
      /** Whose data key the personal fields are encrypted with. */
      subject: string | null;
      chain: string;
    }>;
}>;

/** The chain value before a stream's first event. */
export const CHAIN_START = '0'.repeat(64);

/**
 * SHA-256 (hex) over the previous chain value, the event's place and its canonical stored bytes.
 * It runs over ciphertext: erasing a person leaves every chain intact.
 */
export const chainValue = (
  previous: string,
  stream: StreamId,
  revision: bigint,
  stored: StoredEvent,
): string => chainValueIn(previous, streamName(stream), revision, stored);

/** The same for a stream by its name, whatever that is. */
export const chainValueIn = (
  previous: string,
  stream: string,
  revision: bigint | number,
  { metadata: { chain: _, ...metadata }, ...event }: StoredEvent,
): string =>
  createHash('sha256')
    .update(`${previous}\n${stream}\n${revision}\n`)
    .update(canonicalJson({ ...event, metadata }))
    .digest('hex');
