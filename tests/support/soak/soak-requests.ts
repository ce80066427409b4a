import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Call, HttpClient } from '../servers/http-client.ts';

/** What the run saw of the servers' manners. */
export type Manners = Readonly<{
  /** How often each status came; `broken` where the connection broke. */
  counts: () => Readonly<Record<string, number>>;
  slowestMs: () => number;
  /** What must not happen, in words. */
  complaints: readonly string[];
  complain(line: string): void;
}>;

export type Requests = ReturnType<typeof createRequests>;

type Options = Readonly<{
  clients: readonly HttpClient[];
  /** No answer takes longer. */
  boundMs: number;
  /** Servers are killed: connections may break. */
  mayBreak: boolean;
}>;

/** An answer that ends the matter, and whether an earlier one left open what had happened. */
export type Settled = Readonly<{ answer: Answer; wasUncertain: boolean }>;

const GIVE_UP_MS = 120_000;
const AGAIN_MS = 100;

/** Requests to either server, each held against what any request may do. */
export const createRequests = ({ clients, boundMs, mayBreak }: Options) => {
  const counts: Record<string, number> = {};
  const complaints: string[] = [];
  let slowest = 0;
  let turn = 0;

  const judge = (what: string, status: number | undefined, milliseconds: number): void => {
    const key = String(status ?? 'broken');
    counts[key] = (counts[key] ?? 0) + 1;
    slowest = Math.max(slowest, milliseconds);
    if (milliseconds > boundMs) complaints.push(`${what} took ${Math.round(milliseconds)} ms`);
    if (status === undefined ? !mayBreak : status >= 500 && status !== 503) {
      complaints.push(`${what} was answered ${key}`);
    }
  };

  /** Undefined: the connection broke. */
  const ask = async (
    server: number,
    method: string,
    path: string,
    call: Call = {},
  ): Promise<Answer | undefined> => {
    const began = performance.now();
    const answer = await clients[server % clients.length]
      ?.call(method, path, call)
      .catch(() => undefined);
    judge(
      `${method} ${path.replace(/[0-9a-f-]{36}/g, '…')}`,
      answer?.status,
      performance.now() - began,
    );
    return answer;
  };

  /** Like a client that wants it: the same again, from one server or the other, until it is told. */
  const insist = async (method: string, path: string, call: Call = {}): Promise<Settled> => {
    const deadline = performance.now() + GIVE_UP_MS;
    for (let tries = 0; performance.now() < deadline; tries += 1) {
      turn += 1;
      const answer = await ask(turn, method, path, call);
      if (answer !== undefined && answer.status !== 503) return { answer, wasUncertain: tries > 0 };
      await pause(AGAIN_MS);
    }
    throw new Error(`${method} ${path}: no answer but 503 for ${GIVE_UP_MS} ms`);
  };

  const manners: Manners = {
    counts: () => ({ ...counts }),
    slowestMs: () => Math.round(slowest),
    complaints,
    complain: (line) => void complaints.push(line),
  };
  return { ask, insist, manners };
};
