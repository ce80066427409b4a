import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type handleUnaryCall, status } from '@grpc/grpc-js';
import type { ExpectedRevision } from '../log/commit-check.ts';
import { expectedRevisionOf, streamNameOf } from '../messages/wire-requests.ts';
import type { NodeContext } from './node-context.ts';
import { failureOf, notLeader, type ServiceFailure, streamDeleted } from './service-failure.ts';

const { DeleteResp, TombstoneResp } = streams;

const wireRevisions = { no_stream: '-1', any: '-2', stream_exists: '-4' } as const;

const conflict = (stream: string, expected: ExpectedRevision, last: bigint): ServiceFailure =>
  failureOf(status.FAILED_PRECONDITION, 'Append failed due to WrongExpectedVersion.', {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': typeof expected === 'bigint' ? String(expected) : wireRevisions[expected],
    ...(last < 0n ? {} : { 'actual-version': String(last) }),
  });

const isAsExpected = (expected: ExpectedRevision, last: bigint): boolean => {
  if (expected === 'any') return true;
  if (expected === 'stream_exists') return last >= 0n;
  return last === (expected === 'no_stream' ? -1n : expected);
};

type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

const failureFor = (
  { log, leads, leader }: NodeContext,
  stream: string,
  options: Options,
): ServiceFailure | undefined => {
  if (!leads()) return notLeader(leader());
  const state = log.stream(stream);
  if (state?.tombstoned) return streamDeleted(stream);
  const expected = expectedRevisionOf(options);
  const last = state?.last ?? -1n;
  return isAsExpected(expected, last) ? undefined : conflict(stream, expected, last);
};

/** Streams.Delete: events may be appended to the stream again. */
export const createDeleteService =
  (node: NodeContext): handleUnaryCall<streams.DeleteReq, streams.DeleteResp> =>
  (call, callback) => {
    node.calls.open('delete', call);
    const options = call.request.getOptions() ?? new streams.DeleteReq.Options();
    const stream = streamNameOf(options.getStreamIdentifier());
    const refusal = failureFor(node, stream, options);
    if (refusal) return callback(refusal);
    const position = String(node.log.softDelete(stream));
    const deleted = new DeleteResp.Position()
      .setCommitPosition(position)
      .setPreparePosition(position);
    return callback(null, new DeleteResp().setPosition(deleted));
  };

/** Streams.Tombstone: the stream can neither be read nor appended to again. */
export const createTombstoneService =
  (node: NodeContext): handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> =>
  (call, callback) => {
    node.calls.open('tombstone', call);
    const options = call.request.getOptions() ?? new streams.TombstoneReq.Options();
    const stream = streamNameOf(options.getStreamIdentifier());
    const refusal = failureFor(node, stream, options);
    if (refusal) return callback(refusal);
    const position = String(node.log.tombstone(stream));
    const deleted = new TombstoneResp.Position()
      .setCommitPosition(position)
      .setPreparePosition(position);
    return callback(null, new TombstoneResp().setPosition(deleted));
  };
