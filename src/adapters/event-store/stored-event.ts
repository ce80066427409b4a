import { createHash } from 'node:crypto';
import { canonicalJson } from '../../application/kernel/canonical-json.ts';
import type { EventMetadata, StreamId } from '../../application/kernel/event-store.ts';
import { streamName } from '../../application/kernel/event-store.ts';

/** An event in its stored form: personal fields are encrypted, all others are plain. */
export type StoredEvent = Readonly<{
  eventId: string;
  type: string;
  schemaVersion: number;
  data: Readonly<Record<string, unknown>>;
  metadata: EventMetadata &
    Readonly<{
      /** The subject whose data key encrypts the personal fields. */
      subject: string | null;
      chain: string;
    }>;
}>;

/** The chain value before a stream's first event. */
export const CHAIN_START = '0'.repeat(64);

/**
 * Computes SHA-256 (hex) over the previous chain value, the event's stream and revision, and its
 * canonical stored bytes. It covers ciphertext, so that erasing a user leaves every chain intact.
 */
export const chainValue = (
  previous: string,
  stream: StreamId,
  revision: bigint,
  stored: StoredEvent,
): string => chainValueIn(previous, streamName(stream), revision, stored);

/** Computes the same for a stream by its name, which need not be valid. */
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
