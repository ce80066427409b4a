import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Call, HttpClient } from '../servers/http-client.ts';

/** What a run observed of the responses. */
export type Observations = Readonly<{
  /** Number of responses by status; `broken` where the connection broke. */
  counts: () => Readonly<Record<string, number>>;
  slowestMs: () => number;
  /** Descriptions of what must not happen. */
  violations: readonly string[];
  report(line: string): void;
}>;

export type Requests = ReturnType<typeof createRequests>;

type Options = Readonly<{
  clients: readonly HttpClient[];
  /** Whether connections may break, as servers are killed. */
  mayBreak: boolean;
}>;

/** The last answer to a repeated request; `wasUncertain`: an earlier try may have succeeded. */
export type FinalAnswer = Readonly<{ answer: Answer; wasUncertain: boolean }>;

const GIVE_UP_MS = 120_000;
const AGAIN_MS = 100;

/** Sends requests to both servers, and checks the status of each response. */
export const createRequests = ({ clients, mayBreak }: Options) => {
  const counts: Record<string, number> = {};
  const violations: string[] = [];
  let slowest = 0;
  let turn = 0;

  const judge = (what: string, status: number | undefined, milliseconds: number): void => {
    const key = String(status ?? 'broken');
    counts[key] = (counts[key] ?? 0) + 1;
    slowest = Math.max(slowest, milliseconds);
    if (status === undefined ? !mayBreak : status >= 500 && status !== 503) {
      violations.push(`${what} was answered ${key}`);
    }
  };

  /** Sends a request; undefined when the connection broke. */
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

  /** Repeats a request, at alternating servers, until an answer other than 503 arrives. */
  const retry = async (method: string, path: string, call: Call = {}): Promise<FinalAnswer> => {
    const deadline = performance.now() + GIVE_UP_MS;
    for (let tries = 0; performance.now() < deadline; tries += 1) {
      turn += 1;
      const answer = await ask(turn, method, path, call);
      if (answer !== undefined && answer.status !== 503) return { answer, wasUncertain: tries > 0 };
      await pause(AGAIN_MS);
    }
    throw new Error(`${method} ${path}: no answer but 503 for ${GIVE_UP_MS} ms`);
  };

  const observations: Observations = {
    counts: () => ({ ...counts }),
    slowestMs: () => Math.round(slowest),
    violations,
    report: (line) => void violations.push(line),
  };
  return { ask, retry, observations };
};
