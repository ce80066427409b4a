import { setImmediate as nextTurn } from 'node:timers/promises';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import type { ExpectedRevision } from '../log/commit-check.ts';
import type { AppendOutcome } from '../log/double-log.ts';
import type { ProposedEvent } from '../log/stored-record.ts';
import { appended, conflicting } from '../messages/append-messages.ts';
import { expectedRevisionOf, proposedEventOf, streamNameOf } from '../messages/wire-requests.ts';
import { applyFault } from './apply-fault.ts';
import type { NodeContext } from './node-context.ts';
import { notLeader, streamDeleted, tooLarge } from './service-failure.ts';

type Append = handleClientStreamingCall<streams.AppendReq, streams.AppendResp>;
type Callback = Parameters<Append>[1];

const answerAppend = (
  callback: Callback,
  stream: string,
  expected: ExpectedRevision,
  outcome: AppendOutcome,
) => {
  switch (outcome.kind) {
    case 'stored':
      return callback(null, appended(outcome.revision, outcome.position));
    case 'wrongVersion':
      return callback(null, conflicting(expected, outcome.current));
    case 'deleted':
      return callback(streamDeleted(stream));
    case 'tooLarge':
      return callback(tooLarge(outcome.limit));
  }
};

/** Streams.Append: options first, then one event per message. */
export const createAppendService =
  ({ log, plan, calls, leads, leader }: NodeContext): Append =>
  (call, callback) => {
    calls.open('append', call);
    const fault = plan.take('append');
    const events: ProposedEvent[] = [];
    let options: streams.AppendReq.Options | undefined;
    call.on('data', (request: streams.AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) events.push(proposedEventOf(message));
    });
    call.on('end', async () => {
      // A broken connection also ends the call: an incomplete request is no append.
      await nextTurn();
      if (!options || call.cancelled) return;
      if (!leads()) return callback(notLeader(leader()));
      const stream = streamNameOf(options.getStreamIdentifier());
      const expected = expectedRevisionOf(options);
      void applyFault(fault, {
        perform: () => log.append(stream, expected, events),
        answer: (outcome) => answerAppend(callback, stream, expected, outcome),
        refuse: (failure) => callback(failure),
        leader,
      });
    });
  };
