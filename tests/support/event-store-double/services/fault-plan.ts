import type { status } from '@grpc/grpc-js';

export type FaultyMethod =
  | 'append'
  | 'batchAppend'
  | 'readStream'
  | 'readAll'
  | 'subscribe'
  | 'features'
  | 'gossip';

/** What a call suffers. `code` is a gRPC status. */
export type Fault =
  /**
   * Never answered, nothing done; the call stays open until the client lets go. Node's HTTP/2 server
   * ends the connection (13 INTERNAL) of a client that lets go of about a thousand within seconds.
   */
  | Readonly<{ kind: 'hang' }>
  /** Refused; nothing was done. */
  | Readonly<{
      kind: 'fail';
      code: status;
      details?: string;
      metadata?: Readonly<Record<string, string>>;
    }>
  /** Done, and then refused: the client cannot know. */
  | Readonly<{ kind: 'failAfter'; code: status; details?: string }>
  /** Done, and never answered. */
  | Readonly<{ kind: 'lostAnswer' }>
  /** Done after a while, whether or not the client still waits. */
  | Readonly<{ kind: 'slow'; milliseconds: number }>
  /** Refused by a node that leads no longer, which names the one that does. */
  | Readonly<{ kind: 'notLeader' }>
  /** For reads and subscriptions: ends with `code` after so many events. An append fails at once. */
  | Readonly<{ kind: 'breakOff'; after: number; code: status }>;

export type RandomFaults = Readonly<{
  seed: number;
  /** 0 to 1, per call. */
  probability: number;
  methods: readonly FaultyMethod[];
  kinds: readonly Fault[];
}>;

export type FaultPlan = ReturnType<typeof createFaultPlan>;

/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
const numbersFrom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Which call suffers what: first come those queued, then the standing one, then chance. */
export const createFaultPlan = () => {
  const queued = new Map<FaultyMethod, Fault[]>();
  const standing = new Map<FaultyMethod, Fault>();
  const suffered: Partial<Record<Fault['kind'], number>> = {};
  let chance: (method: FaultyMethod) => Fault | undefined = () => undefined;

  return {
    next: (method: FaultyMethod, fault: Fault, times = 1): void => {
      const queue = queued.get(method) ?? [];
      queued.set(method, [...queue, ...Array.from({ length: times }, () => fault)]);
    },
    always: (method: FaultyMethod, fault: Fault): void => void standing.set(method, fault),
    randomly: ({ seed, probability, methods, kinds }: RandomFaults): void => {
      const random = numbersFrom(seed);
      chance = (method) => {
        if (!methods.includes(method) || random() >= probability) return undefined;
        return kinds[Math.floor(random() * kinds.length)];
      };
    },
    clear: (): void => {
      queued.clear();
      standing.clear();
      chance = () => undefined;
    },
    /** How many calls suffered each kind so far. */
    suffered: (): Readonly<Partial<Record<Fault['kind'], number>>> => ({ ...suffered }),
    take: (method: FaultyMethod): Fault | undefined => {
      const fault = queued.get(method)?.shift() ?? standing.get(method) ?? chance(method);
      if (fault) suffered[fault.kind] = (suffered[fault.kind] ?? 0) + 1;
      return fault;
    },
  };
};
