import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from './findings.ts';
import { percentile } from './statistics.ts';

/** Sends one request; returns `exhausted` when none is left. */
export type Client = () => Promise<'exhausted' | 'done'>;

/** A process whose processor time is measured. */
export type Watched = Readonly<{ cpuMicros(): Promise<number> }>;

export type Load = Readonly<{ seconds: number; milliseconds: readonly number[] }>;

const timed = async (
  clients: readonly Client[],
  run: (client: Client, record: (start: number) => void, index: number) => Promise<void>,
): Promise<Load> => {
  const milliseconds: number[] = [];
  const record = (start: number) => void milliseconds.push(performance.now() - start);
  const began = performance.now();
  await Promise.all(clients.map((client, index) => run(client, record, index)));
  return { seconds: (performance.now() - began) / 1_000, milliseconds };
};

/** Closed loop: each client sends its next request as soon as the previous one is answered. */
export const closedLoop = (clients: readonly Client[], seconds: number): Promise<Load> => {
  const end = performance.now() + seconds * 1_000;
  return timed(clients, async (client, record) => {
    for (let start = performance.now(); start < end; start = performance.now()) {
      if ((await client()) === 'exhausted') return;
      record(start);
    }
  });
};

/**
 * Paced: each client sends a request at even intervals. A request delayed by the previous one is
 * timed from the moment when it was due.
 */
export const paced = (
  clients: readonly Client[],
  seconds: number,
  intervalMs: number,
): Promise<Load> => {
  const began = performance.now();
  return timed(clients, async (client, record, index) => {
    const first = began + (index * intervalMs) / clients.length;
    for (let due = first; due < began + seconds * 1_000; due += intervalMs) {
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      const start = early > 0 ? performance.now() : due;
      await client();
      record(start);
    }
  });
};

export const latencyOf = ({ milliseconds }: Load): Figures => ({
  'p50 ms': percentile(milliseconds, 0.5),
  'p99 ms': percentile(milliseconds, 0.99),
});

/** Measures rate and latency of a load, and the watched process's processor time per request. */
export const measureLoad = async (
  load: () => Promise<Load>,
  watched: Watched,
): Promise<Figures> => {
  const before = await watched.cpuMicros();
  const result = await load();
  const cpu = (await watched.cpuMicros()) - before;
  const count = result.milliseconds.length;
  return { '1/s': count / result.seconds, 'CPU µs': cpu / count, ...latencyOf(result) };
};

/** The benchmark's own process. */
export const ownProcess: Watched = {
  cpuMicros: async () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};
