import type { status } from '@grpc/grpc-js';
import { status as codes } from '@grpc/grpc-js';
import { createDoubleNode, type DoubleNode } from './double-node.ts';
import { createDoubleLog } from './log/double-log.ts';
import { isSystemRecord, type StoredRecord, toStoredRecord } from './log/stored-record.ts';
import { tamperWith } from './log/tampering.ts';
import { createCallCounter } from './services/call-counter.ts';
import {
  createFaultPlan,
  type Fault,
  type FaultyMethod,
  type RandomFaults,
} from './services/fault-plan.ts';
import { createSubscriptionHub } from './services/subscription-hub.ts';

/** Beyond the exact integers of a number, so that code that reads positions as numbers fails. */
const START_POSITION = 30_000_000_000_000_001n;

export type Faults = Readonly<{
  /** Applies a fault to the next calls of a method. Precedes `always` and `randomly`. */
  next(method: FaultyMethod, fault: Fault, times?: number): void;
  always(method: FaultyMethod, fault: Fault): void;
  randomly(faults: RandomFaults): void;
  /** Removes all faults of `next`, `always` and `randomly`; calls that already have one keep it. */
  clear(): void;
  injectedFaults(): Readonly<Partial<Record<Fault['kind'], number>>>;
  /** Ends every subscription with a status, UNAVAILABLE by default. */
  dropSubscriptions(code?: status): void;
  /** Stops all deliveries, checkpoints included, while connections stay; nothing is lost. */
  stallSubscriptions(): void;
  resumeSubscriptions(): void;
  /** Delivers the next `times` live events twice to every subscription. */
  duplicateDeliveries(times: number): void;
  cutConnections(): void;
  /** Makes the next listening node the leader. @returns its index */
  changeLeader(): number;
  /** Stops a node; a leader is replaced by the next listening one. */
  stopNode(index: number): Promise<void>;
  startNode(index: number): Promise<void>;
}>;

export type EventStoreDouble = Readonly<{
  /** The client's connection string, without TLS. */
  connectionString: string;
  /** Returns all stored events in order of position, without system events by default. */
  events(options?: { system: boolean }): readonly StoredRecord[];
  faults: Faults;
  /** Stops listening and cuts all connections; the log stays. */
  pause(): Promise<void>;
  /** Makes every node listen again on its previous port. */
  resume(): Promise<void>;
  /** Changes stored events without the clients' knowledge: see `tamperWith`. */
  tamper(change: (log: StoredRecord[]) => void): void;
  /**
   * Returns the calls per method so far; `batchAppend` counts appends, `batchAppendStream` calls.
   */
  calls(): Readonly<Record<string, number>>;
  /** Returns the number of open calls, subscriptions included. */
  openCalls(): number;
  /** Returns the index of the leader. */
  leader(): number;
  stop(): Promise<void>;
}>;

export type EventStoreDoubleOptions = Readonly<{
  nodes?: 1 | 3;
  batchAppend?: boolean;
  startPosition?: bigint;
  /** Port of the first node; the others use the following ones. 0, the default, is any. */
  port?: number;
}>;

/** Starts a double of EventStoreDB: the real protocol on real sockets, with a log in memory. */
export const startEventStoreDouble = async ({
  nodes: count = 1,
  batchAppend = true,
  startPosition = START_POSITION,
  port = 0,
}: EventStoreDoubleOptions = {}): Promise<EventStoreDouble> => {
  const log = createDoubleLog(startPosition);
  const plan = createFaultPlan();
  const calls = createCallCounter();
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
      injectedFaults: plan.injectedFaults,
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
    openCalls: calls.openCalls,
    leader: () => leading,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
};
