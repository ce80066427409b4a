import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleServerStreamingCall } from '@grpc/grpc-js';
import { firstVisible, logRange, type RecordRange, streamRange } from '../log/record-range.ts';
import { eventMessage, streamNotFoundMessage } from '../messages/read-messages.ts';
import { streamNameOf } from '../messages/wire-requests.ts';
import { type ReadFaultEffect, readFaultEffect } from './apply-fault.ts';
import { createDelivery, type Delivery, type ReadCall } from './delivery.ts';
import type { FaultyMethod } from './fault-plan.ts';
import { type NodeContext, requiresLeader } from './node-context.ts';
import { notLeader, streamDeleted } from './service-failure.ts';
import { serveSubscription } from './subscription-service.ts';

type Options = streams.ReadReq.Options;

const sendRange = async (
  delivery: Delivery,
  { records, start, end, step }: RecordRange,
  options: Options,
  fate: ReadFaultEffect,
): Promise<void> => {
  let left = Math.min(Number(options.getCount()), fate.events);
  for (let index = start; (end - index) * step > 0 && left > 0; index += step) {
    const record = records[index];
    if (!record || delivery.isOver()) break;
    left -= 1;
    await delivery.send(eventMessage(record, options.hasAll()));
  }
  if (fate.failure) delivery.fail(fate.failure);
  else delivery.finish();
};

const serveStream = async (
  { log }: NodeContext,
  delivery: Delivery,
  options: Options,
  from: streams.ReadReq.Options.StreamOptions,
  fate: ReadFaultEffect,
): Promise<void> => {
  const name = streamNameOf(from.getStreamIdentifier());
  const state = log.stream(name);
  if (state?.tombstoned) return delivery.fail(streamDeleted(name));
  if (!state || firstVisible(state) >= state.records.length) {
    await delivery.send(streamNotFoundMessage(name));
    return delivery.finish();
  }
  const range = streamRange(state, from, options.getReadDirection());
  return sendRange(delivery, range, options, fate);
};

const methodOf = (options: Options): FaultyMethod => {
  if (options.hasSubscription()) return 'subscribe';
  return options.hasAll() ? 'readAll' : 'readStream';
};

const serve = async (node: NodeContext, call: ReadCall, options: Options): Promise<void> => {
  const method = methodOf(options);
  const delivery = createDelivery(call);
  node.calls.open(method, call);
  const fault = node.plan.take(method);
  if (requiresLeader(call.metadata) && !node.leads()) {
    delivery.fail(notLeader(node.leader()));
    return;
  }
  const fate = await readFaultEffect(fault, node.leader);
  if (fate.silent || delivery.isOver()) return;
  if (fate.failure && fate.events === 0) return delivery.fail(fate.failure);
  if (options.hasSubscription()) return serveSubscription(node, delivery, options, fate);
  const stream = options.getStream();
  if (stream) return serveStream(node, delivery, options, stream, fate);
  const all = options.getAll();
  if (!all) return delivery.finish();
  const range = logRange(node.log.records, all, options.getReadDirection());
  return sendRange(delivery, range, options, fate);
};

/** Streams.Read: one stream or $all, once or as a subscription. */
export const createReadService =
  (node: NodeContext): handleServerStreamingCall<streams.ReadReq, streams.ReadResp> =>
  (call) => {
    const options = call.request.getOptions();
    if (options) void serve(node, call, options);
    else call.end();
  };
