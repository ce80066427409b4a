import type { status } from '@grpc/grpc-js';
import { status as codes } from '@grpc/grpc-js';
import { createDoubleNode, type DoubleNode } from './double-node.ts';
import { createDoubleLog } from './log/double-log.ts';
import { isSystemRecord, type StoredRecord, toStoredRecord } from './log/stored-record.ts';
import { tamperWith } from './log/tampering.ts';
import { createCallBook } from './services/call-book.ts';
import {
  createFaultPlan,
  type Fault,
  type FaultyMethod,
  type RandomFaults,
} from './services/fault-plan.ts';
import { createSubscriptionHub } from './services/subscription-hub.ts';

/** More than a number can hold exactly, so that nobody reads positions as numbers. */
const START_POSITION = 30_000_000_000_000_001n;

export type Faults = Readonly<{
  /** The next calls of that method suffer it; those queued come before `always` and `randomly`. */
  next(method: FaultyMethod, fault: Fault, times?: number): void;
  always(method: FaultyMethod, fault: Fault): void;
  randomly(faults: RandomFaults): void;
  /** Takes back `next`, `always` and `randomly`; calls that suffer already go on suffering. */
  clear(): void;
  suffered(): Readonly<Partial<Record<Fault['kind'], number>>>;
  /** Ends every subscription with that status; UNAVAILABLE unless told. */
  dropSubscriptions(code?: status): void;
  /** Connections stay, nothing is delivered, no checkpoints either; nothing is lost. */
  stallSubscriptions(): void;
  resumeSubscriptions(): void;
  /** The next `times` live events arrive twice at every subscription. */
  duplicateDeliveries(times: number): void;
  cutConnections(): void;
  /** The next node that is up leads. Returns its index. */
  changeLeader(): number;
  /** A leader that stops hands over to the next one that is up. */
  stopNode(index: number): Promise<void>;
  startNode(index: number): Promise<void>;
}>;

export type EventStoreDouble = Readonly<{
  /** For the client; no TLS. */
  connectionString: string;
  /** Everything stored, in order of position; events of the system itself only when asked for. */
  events(options?: { system: boolean }): readonly StoredRecord[];
  faults: Faults;
  /** Stops listening and cuts every connection; the log stays. */
  pause(): Promise<void>;
  /** Every node listens again, on the port it had. */
  resume(): Promise<void>;
  /** Changes the log behind everybody's back: see `tamperWith`. */
  tamper(change: (log: StoredRecord[]) => void): void;
  /** Per method, since the start; `batchAppend` counts appends, `batchAppendStream` calls. */
  calls(): Readonly<Record<string, number>>;
  /** Under way now, subscriptions included. */
  openCalls(): number;
  /** Index of the node that leads. */
  leader(): number;
  stop(): Promise<void>;
}>;

export type EventStoreDoubleOptions = Readonly<{
  nodes?: 1 | 3;
  batchAppend?: boolean;
  startPosition?: bigint;
  /** Of the first node; the others take the next ones. 0, the default, is any. */
  port?: number;
}>;

/** Listens like EventStoreDB on real sockets, with a log in memory. */
export const startEventStoreDouble = async ({
  nodes: count = 1,
  batchAppend = true,
  startPosition = START_POSITION,
  port = 0,
}: EventStoreDoubleOptions = {}): Promise<EventStoreDouble> => {
  const log = createDoubleLog(startPosition);
  const plan = createFaultPlan();
  const calls = createCallBook();
  const subscriptions = createSubscriptionHub(() => log.records.at(-1)?.position ?? -1n);
  log.onChange(subscriptions.wakeAll);
  const nodes: DoubleNode[] = [];
  let leading = 0;

  const nodeAt = (index: number): DoubleNode => {
    const node = nodes[index];
    if (!node) throw new Error(`no node ${index}`);
    return node;
  };
  const context = (index: number) => ({
    log,
    plan,
    calls,
    subscriptions,
    offersBatchAppend: batchAppend,
    leads: () => leading === index,
    leader: () => nodeAt(leading).endpoint(),
    members: () =>
      nodes.map((node, member) => ({
        endpoint: node.endpoint(),
        alive: node.isListening(),
        leads: member === leading,
      })),
  });
  for (let index = 0; index < count; index += 1) {
    const node = createDoubleNode(context(index));
    nodes.push(node);
    await node.listen(port === 0 ? 0 : port + index);
  }

  const changeLeader = (): number => {
    const order = nodes.map((_, step) => (leading + 1 + step) % nodes.length);
    leading = order.find((index) => nodeAt(index).isListening()) ?? leading;
    return leading;
  };
  const hosts = nodes.map((node) => `${node.endpoint().address}:${node.endpoint().port}`);

  return {
    connectionString: `esdb://${hosts.join(',')}?tls=false`,
    events: ({ system } = { system: false }) =>
      log.records.filter((record) => system || !isSystemRecord(record)).map(toStoredRecord),
    faults: {
      next: plan.next,
      always: plan.always,
      randomly: plan.randomly,
      clear: plan.clear,
      suffered: plan.suffered,
      dropSubscriptions: (code = codes.UNAVAILABLE) => subscriptions.drop(code),
      stallSubscriptions: subscriptions.stall,
      resumeSubscriptions: subscriptions.resume,
      duplicateDeliveries: subscriptions.duplicate,
      cutConnections: () => {
        for (const node of nodes) node.cut();
      },
      changeLeader,
      stopNode: async (index) => {
        await nodeAt(index).pause();
        if (leading === index) changeLeader();
      },
      startNode: (index) => nodeAt(index).listen(),
    },
    pause: async () => void (await Promise.all(nodes.map((node) => node.pause()))),
    resume: async () => void (await Promise.all(nodes.map((node) => node.listen()))),
    tamper: (change) => tamperWith(log, change),
    calls: calls.counts,
    openCalls: calls.underWay,
    leader: () => leading,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
};
