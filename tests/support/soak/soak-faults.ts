import { setTimeout as pause } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { DoubleProcess } from '../event-store-double/double-process.ts';
import type { Fault, FaultyMethod } from '../event-store-double/services/fault-plan.ts';

const METHODS: readonly FaultyMethod[] = ['append', 'readStream', 'readAll', 'subscribe'];

/** Faults that end by themselves, and faults that leave the outcome of a request unknown. */
const KINDS: readonly Fault[] = [
  { kind: 'hang' },
  { kind: 'lostAnswer' },
  { kind: 'slow', milliseconds: 40 },
  { kind: 'slow', milliseconds: 900 },
  { kind: 'notLeader' },
  { kind: 'breakOff', after: 1, code: status.INTERNAL },
  ...[
    status.CANCELLED,
    status.DEADLINE_EXCEEDED,
    status.RESOURCE_EXHAUSTED,
    status.ABORTED,
    status.INTERNAL,
    status.UNAVAILABLE,
  ].flatMap((code): Fault[] => [
    { kind: 'fail', code },
    { kind: 'failAfter', code },
  ]),
];

type Episode = (ask: DoubleProcess['call']) => Promise<void>;

const between = (least: number, most: number): number => least + Math.random() * (most - least);

const seedOf = (): number => Math.floor(Math.random() * 2 ** 32);

const failFor =
  (probability: number, milliseconds: number): Episode =>
  async (ask) => {
    await ask('randomly', { seed: seedOf(), probability, methods: METHODS, kinds: KINDS });
    await pause(milliseconds);
    await ask('clear');
  };

const EPISODES: Readonly<Record<string, Episode>> = {
  rareErrors: (ask) => failFor(0.03, between(1_000, 4_000))(ask),
  frequentErrors: (ask) => failFor(0.3, between(300, 2_000))(ask),
  dropped: async (ask) => ask('dropSubscriptions'),
  reset: async (ask) => ask('dropSubscriptions', status.INTERNAL),
  stalled: async (ask) => {
    await ask('stallSubscriptions');
    await pause(between(500, 4_000));
    await ask('resumeSubscriptions');
  },
  twice: async (ask) => ask('duplicateDeliveries', 50),
  cut: async (ask) => ask('cutConnections'),
  elected: async (ask) => void (await ask('changeLeader')),
  lostNode: async (ask) => {
    const node = Math.floor(between(0, 3));
    await ask('stopNode', node);
    await pause(between(200, 2_000));
    await ask('startNode', node);
  },
  away: async (ask) => {
    await ask('pause');
    await pause(between(200, 2_500));
    await ask('resume');
  },
  quiet: () => pause(between(200, 800)),
};

export type FaultInjection = Readonly<{
  /** Number of episodes of each kind. */
  seen: () => Readonly<Record<string, number>>;
  /** Ends all faults. */
  stop(): Promise<void>;
}>;

/** Injects one random kind of fault after the other until it is stopped. */
export const injectFaults = ({ call }: Pick<DoubleProcess, 'call'>): FaultInjection => {
  const seen: Record<string, number> = {};
  const ending = new AbortController();
  const names = Object.keys(EPISODES);
  const run = async () => {
    for (let name = 'frequentErrors'; !ending.signal.aborted; ) {
      seen[name] = (seen[name] ?? 0) + 1;
      await EPISODES[name]?.(call);
      await pause(between(50, 400));
      name = names[Math.floor(Math.random() * names.length)] ?? 'quiet';
    }
  };
  const running = run();
  return {
    seen: () => seen,
    stop: async () => {
      ending.abort();
      await running;
    },
  };
};
