import type { status } from '@grpc/grpc-js';

export type FaultyMethod =
  | 'append'
  | 'batchAppend'
  | 'readStream'
  | 'readAll'
  | 'subscribe'
  | 'features'
  | 'gossip';

/** A fault to inject into a call. `code` is a gRPC status. */
export type Fault =
  /**
   * Does nothing and never answers; the call stays open until the client cancels it. Node's HTTP/2
   * server ends the connection (13 INTERNAL) of a client that cancels about a thousand within
   * seconds.
   */
  | Readonly<{ kind: 'hang' }>
  /** Refuses the request without performing it. */
  | Readonly<{
      kind: 'fail';
      code: status;
      details?: string;
      metadata?: Readonly<Record<string, string>>;
    }>
  /**
   * Performs the request and then reports a failure, which the client cannot tell from a refusal.
   */
  | Readonly<{ kind: 'failAfter'; code: status; details?: string }>
  /** Performs the request and never answers. */
  | Readonly<{ kind: 'lostAnswer' }>
  /** Performs the request after a delay, even if the client no longer waits. */
  | Readonly<{ kind: 'slow'; milliseconds: number }>
  /** Refuses the request like a node that is not the leader, naming the leader. */
  | Readonly<{ kind: 'notLeader' }>
  /** Ends a read or subscription with `code` after `after` events; an append fails at once. */
  | Readonly<{ kind: 'breakOff'; after: number; code: status }>;

export type RandomFaults = Readonly<{
  seed: number;
  /** 0 to 1, per call. */
  probability: number;
  methods: readonly FaultyMethod[];
  kinds: readonly Fault[];
}>;

export type FaultPlan = ReturnType<typeof createFaultPlan>;

/** Mulberry32: a reproducible sequence of numbers from 0 to 1. */
const numbersFrom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/**
 * Chooses the fault of each call: first a queued one, then the permanent one, then a random one.
 */
export const createFaultPlan = () => {
  const queued = new Map<FaultyMethod, Fault[]>();
  const permanent = new Map<FaultyMethod, Fault>();
  const injected: Partial<Record<Fault['kind'], number>> = {};
  let randomFault: (method: FaultyMethod) => Fault | undefined = () => undefined;

  return {
    next: (method: FaultyMethod, fault: Fault, times = 1): void => {
      const queue = queued.get(method) ?? [];
      queued.set(method, [...queue, ...Array.from({ length: times }, () => fault)]);
    },
    always: (method: FaultyMethod, fault: Fault): void => void permanent.set(method, fault),
    randomly: ({ seed, probability, methods, kinds }: RandomFaults): void => {
      const random = numbersFrom(seed);
      randomFault = (method) => {
        if (!methods.includes(method) || random() >= probability) return undefined;
        return kinds[Math.floor(random() * kinds.length)];
      };
    },
    clear: (): void => {
      queued.clear();
      permanent.clear();
      randomFault = () => undefined;
    },
    /** Returns how many faults of each kind were injected so far. */
    injectedFaults: (): Readonly<Partial<Record<Fault['kind'], number>>> => ({ ...injected }),
    take: (method: FaultyMethod): Fault | undefined => {
      const fault = queued.get(method)?.shift() ?? permanent.get(method) ?? randomFault(method);
      if (fault) injected[fault.kind] = (injected[fault.kind] ?? 0) + 1;
      return fault;
    },
  };
};
