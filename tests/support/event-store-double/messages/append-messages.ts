import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '../log/commit-check.ts';

const { AppendResp } = streams;
const none = () => new shared.Empty();

/** Builds a successful answer; `position` is that of the last event. */
export const appended = (revision: bigint, position: bigint | undefined): streams.AppendResp => {
  const success = new AppendResp.Success();
  if (revision < 0n) success.setNoStream(none());
  else success.setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(none());
  else
    success.setPosition(
      new AppendResp.Position()
        .setCommitPosition(String(position))
        .setPreparePosition(String(position)),
    );
  return new AppendResp().setSuccess(success);
};

/** Builds the answer to a conflict, which is a successful call to gRPC. */
export const conflicting = (expected: ExpectedRevision, current: bigint): streams.AppendResp => {
  const conflict = new AppendResp.WrongExpectedVersion();
  if (current < 0n) conflict.setCurrentNoStream(none());
  else conflict.setCurrentRevision(String(current));
  if (expected === 'any') conflict.setExpectedAny(none());
  else if (expected === 'no_stream') conflict.setExpectedNoStream(none());
  else if (expected === 'stream_exists') conflict.setExpectedStreamExists(none());
  else conflict.setExpectedRevision(String(expected));
  return new AppendResp().setWrongExpectedVersion(conflict);
};
