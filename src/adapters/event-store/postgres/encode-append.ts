import type { StreamAppend } from '../../../application/kernel/event-store.ts';
import type { EventCodec, Subject } from '../event-codec.ts';
import { CHAIN_START, type StoredEvent } from '../stored-event.ts';
import type { EncodedAppend } from './postgres-append-statement.ts';
import type { PostgresStreamHead } from './postgres-stream-read.ts';

/**
 * The subject of a stream's personal data; `newWrappedKey` when the append creates its data key.
 */
export type AppendSubject = Readonly<{
  id: string | null;
  subject: Subject | undefined;
  newWrappedKey: string | undefined;
}>;

/** Encrypts, validates and chains the events of one append. @throws EventSchemaError */
export const encodeAppend = (
  codec: EventCodec,
  { stream, events, snapshot }: StreamAppend,
  head: PostgresStreamHead | undefined,
  { id, subject, newWrappedKey }: AppendSubject,
): EncodedAppend => {
  const stored: StoredEvent[] = [];
  let chain = head?.chain ?? CHAIN_START;
  let revision = head === undefined ? 0n : head.revision + 1n;
  for (const event of events) {
    const encoded = codec.encode(event, stream, revision, chain, subject);
    stored.push(encoded);
    chain = encoded.metadata.chain;
    revision += 1n;
  }
  return {
    stream,
    expectedRevision: head?.revision ?? 'none',
    events: stored,
    subjectId: id,
    newWrappedKey,
    snapshot: snapshot && {
      version: snapshot.version,
      state: codec.encodeSnapshot(snapshot.state, stream, subject),
    },
  };
};
