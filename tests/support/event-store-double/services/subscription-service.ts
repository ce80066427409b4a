import { setImmediate } from 'node:timers/promises';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { byPosition, byRevision, firstFrom, type OrderKey } from '../log/ordered-records.ts';
import { firstVisible } from '../log/record-range.ts';
import { isSystemRecord, type LogRecord } from '../log/stored-record.ts';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
} from '../messages/read-messages.ts';
import { filterOf, type RecordFilter, streamNameOf } from '../messages/wire-requests.ts';
import type { ReadFaultEffect } from './apply-fault.ts';
import type { Delivery } from './delivery.ts';
import type { NodeContext } from './node-context.ts';

/** Number of records after which other tasks of the process run. */
const RECORDS_PER_TURN = 1_000;

/** The records to deliver. `after` is exclusive: the key of the client's last record. */
type Source = Readonly<{
  records: () => readonly LogRecord[];
  key: OrderKey;
  after: bigint;
}>;

const sourceOf = ({ log }: NodeContext, options: streams.ReadReq.Options): Source => {
  const stream = options.getStream();
  if (!stream) {
    const all = options.getAll();
    const position = all?.getPosition()?.getCommitPosition();
    const end = log.records.at(-1)?.position ?? -1n;
    const after = all?.hasEnd() ? end : position === undefined ? -1n : BigInt(position);
    return { records: () => log.records, key: byPosition, after };
  }
  const name = streamNameOf(stream.getStreamIdentifier());
  const state = log.stream(name);
  const asked = stream.hasRevision() ? BigInt(stream.getRevision()) : -1n;
  const visible = state ? (state.records[firstVisible(state)]?.revision ?? state.last + 1n) : 0n;
  const from = stream.hasEnd() ? (state?.last ?? -1n) : asked;
  const after = from > visible - 1n ? from : visible - 1n;
  return { records: () => log.stream(name)?.records ?? [], key: byRevision, after };
};

/** A cursor that stays valid when the log was tampered with. */
const createCursor = ({ log }: NodeContext, { records, key, after }: Source) => {
  let last = after;
  let generation = log.generation();
  let index = firstFrom(records(), key, after + 1n);
  return {
    next: (): LogRecord | undefined => {
      if (generation !== log.generation()) index = firstFrom(records(), key, last + 1n);
      generation = log.generation();
      const record = records()[index];
      if (!record) return undefined;
      index += 1;
      last = key(record);
      return record;
    },
    last: () => last,
  };
};

type Progress = { considered: number; sent: number; live: boolean; fromAll: boolean };

const deliver = async (
  { subscriptions }: NodeContext,
  delivery: Delivery,
  record: LogRecord,
  filter: RecordFilter | undefined,
  progress: Progress,
): Promise<void> => {
  if (!filter || filter.matches(record)) {
    progress.sent += 1;
    await delivery.send(eventMessage(record, progress.fromAll));
    const twice = progress.live && !isSystemRecord(record) && subscriptions.isDuplicated(record);
    if (twice) await delivery.send(eventMessage(record, progress.fromAll));
  }
  progress.considered += 1;
  if (filter && progress.considered % filter.checkpointEvery === 0)
    await delivery.send(checkpointMessage(record.position));
  if (progress.considered % RECORDS_PER_TURN === 0) await setImmediate();
};

const run = async (
  node: NodeContext,
  delivery: Delivery,
  options: streams.ReadReq.Options,
  fate: ReadFaultEffect,
): Promise<void> => {
  const filter = filterOf(options);
  const cursor = createCursor(node, sourceOf(node, options));
  const fromAll = options.hasAll();
  const progress: Progress = { considered: 0, sent: 0, live: false, fromAll };
  await delivery.send(confirmationMessage());
  while (!delivery.isOver()) {
    if (fate.failure && progress.sent >= fate.events) return delivery.fail(fate.failure);
    const record = node.subscriptions.isStalled() ? undefined : cursor.next();
    if (record) {
      await deliver(node, delivery, record, filter, progress);
    } else if (node.subscriptions.isStalled() || progress.live) {
      await delivery.nextWake();
    } else {
      progress.live = true;
      if (filter && cursor.last() >= 0n) await delivery.send(checkpointMessage(cursor.last()));
      await delivery.send(caughtUpMessage());
      if (fate.failure && fate.events === Number.POSITIVE_INFINITY)
        return delivery.fail(fate.failure);
    }
  }
};

/**
 * Serves a subscription: catches up from the client's position, then delivers live events until it
 * ends.
 */
export const serveSubscription = async (
  node: NodeContext,
  delivery: Delivery,
  options: streams.ReadReq.Options,
  fate: ReadFaultEffect,
): Promise<void> => {
  const subscription = { wake: delivery.wake, fail: delivery.fail };
  node.subscriptions.add(subscription);
  try {
    await run(node, delivery, options, fate);
  } finally {
    node.subscriptions.remove(subscription);
  }
};
