import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { LogRecord } from '../log/stored-record.ts';

const { ReadResp } = streams;

export const streamIdentifier = (stream: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));

export const uuid = (value: string): shared.UUID => new shared.UUID().setString(value);

/** What servers send as the position of an event read from its stream: -1 in 64 bits. */
const NO_POSITION = String(2n ** 64n - 1n);

/** Builds an event message. @param fromAll whether it was read from `$all`, which has positions */
export const eventMessage = (record: LogRecord, fromAll: boolean): streams.ReadResp => {
  const position = fromAll ? String(record.position) : NO_POSITION;
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(uuid(record.id))
    .setStreamIdentifier(streamIdentifier(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', record.created);
  const event = new ReadResp.ReadEvent().setEvent(recorded);
  return new ReadResp().setEvent(
    fromAll ? event.setCommitPosition(position) : event.setNoPosition(new shared.Empty()),
  );
};

export const checkpointMessage = (position: bigint): streams.ReadResp =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );

export const caughtUpMessage = (): streams.ReadResp =>
  new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

export const confirmationMessage = (): streams.ReadResp =>
  new ReadResp().setConfirmation(
    new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID()),
  );

export const streamNotFoundMessage = (stream: string): streams.ReadResp =>
  new ReadResp().setStreamNotFound(
    new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)),
  );
