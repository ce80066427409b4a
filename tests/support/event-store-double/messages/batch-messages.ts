import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import type { ExpectedRevision } from '../log/commit-check.ts';
import type { AppendOutcome } from '../log/double-log.ts';
import { streamIdentifier } from './read-messages.ts';

const { BatchAppendResp } = streams;
const none = () => new emptyMessages.Empty();

const refused = (code: status, name: string, message: { serializeBinary(): Uint8Array }) => {
  const details = new anyMessages.Any();
  details.pack(message.serializeBinary(), `event_store.client.${name}`);
  // Both enumerations of codes have the same numbers.
  const numbered: number = code;
  return new BatchAppendResp().setError(
    new statusMessages.Status().setCode(numbered).setMessage(name).setDetails(details),
  );
};

const conflicting = (expected: ExpectedRevision, current: bigint): streams.BatchAppendResp => {
  const conflict = new shared.WrongExpectedVersion();
  if (current < 0n) conflict.setCurrentNoStream(none());
  else conflict.setCurrentStreamRevision(String(current));
  if (expected === 'any') conflict.setExpectedAny(none());
  else if (expected === 'no_stream') conflict.setExpectedNoStream(none());
  else if (expected === 'stream_exists') conflict.setExpectedStreamExists(none());
  else conflict.setExpectedStreamPosition(String(expected));
  return refused(status.FAILED_PRECONDITION, 'WrongExpectedVersion', conflict);
};

const appended = (revision: bigint, position: bigint | undefined): streams.BatchAppendResp => {
  const success = new BatchAppendResp.Success();
  if (revision < 0n) success.setNoStream(none());
  else success.setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(none());
  else
    success.setPosition(
      new shared.AllStreamPosition()
        .setCommitPosition(String(position))
        .setPreparePosition(String(position)),
    );
  return new BatchAppendResp().setSuccess(success);
};

export const deadlinePassed = (): streams.BatchAppendResp =>
  refused(status.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());

/** Builds the answer to one batch; a refusal is a status inside it. */
export const batchAnswer = (
  stream: string,
  expected: ExpectedRevision,
  outcome: AppendOutcome,
): streams.BatchAppendResp => {
  switch (outcome.kind) {
    case 'stored':
      return appended(outcome.revision, outcome.position);
    case 'wrongVersion':
      return conflicting(expected, outcome.current);
    case 'deleted':
      return refused(
        status.FAILED_PRECONDITION,
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream)),
      );
    case 'tooLarge':
      return refused(
        status.INVALID_ARGUMENT,
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(outcome.limit),
      );
  }
};
