import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import type { ProposedEvent } from '../log/stored-record.ts';
import { batchAnswer, deadlinePassed } from '../messages/batch-messages.ts';
import { streamIdentifier } from '../messages/read-messages.ts';
import { expectedPositionOf, proposedEventOf, streamNameOf } from '../messages/wire-requests.ts';
import { applyFault } from './apply-fault.ts';
import type { NodeContext } from './node-context.ts';
import { notLeader } from './service-failure.ts';

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type Batch = { options: streams.BatchAppendReq.Options; events: ProposedEvent[] };

const isLate = (options: streams.BatchAppendReq.Options): boolean =>
  (options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY) <= Date.now();

const appendBatch = (
  { log, plan, calls, leads, leader }: NodeContext,
  call: BatchCall,
  correlation: ReturnType<streams.BatchAppendReq['getCorrelationId']>,
  { options, events }: Batch,
): void => {
  calls.count('batchAppend');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedPositionOf(options);
  const write = (answer: streams.BatchAppendResp): void => {
    answer.setCorrelationId(correlation).setStreamIdentifier(streamIdentifier(stream));
    if (!call.cancelled) call.write(answer);
  };
  if (!leads()) return void call.emit('error', notLeader(leader()));
  void applyFault(plan.take('batchAppend'), {
    perform: () => (isLate(options) ? undefined : log.append(stream, expected, events)),
    answer: (outcome) => write(outcome ? batchAnswer(stream, expected, outcome) : deadlinePassed()),
    refuse: (failure) => void call.emit('error', failure),
    leader,
  });
};

/**
 * Streams.BatchAppend: one call for all appends of a client; an injected failure of one ends it for
 * all.
 */
export const createBatchAppendService =
  (node: NodeContext): handleBidiStreamingCall<streams.BatchAppendReq, streams.BatchAppendResp> =>
  (call) => {
    const batches = new Map<string, Batch>();
    node.calls.open('batchAppendStream', call, () => batches.clear());
    call.on('end', () => call.end());
    call.on('data', (request: streams.BatchAppendReq) => {
      const correlation = request.getCorrelationId();
      const key = correlation?.getString() ?? '';
      const options = request.getOptions();
      const batch = batches.get(key) ?? (options && { options, events: [] });
      if (!batch) return;
      batch.events.push(...request.getProposedMessagesList().map(proposedEventOf));
      batches.set(key, batch);
      if (!request.getIsFinal()) return;
      batches.delete(key);
      appendBatch(node, call, correlation, batch);
    });
  };
