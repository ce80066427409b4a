import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { EventStoreDbClient } from '../client/eventstoredb-client.ts';
import { WrongExpectedNumber } from '../client/eventstoredb-connection.ts';
import { type EventStoreDbEvent, isAfter, type LogPosition } from '../client/eventstoredb-event.ts';

/** One stream's part of an append to several streams. */
export type StreamPart = Readonly<{
  stream: string;
  expected: bigint | 'none';
  /** Parts of one category are written in any order, before those of the next category. */
  category: string;
  /** Marked with the transaction's id. */
  events: Parameters<EventStoreDbClient['append']>[2];
}>;

type Outcome = 'committed' | 'aborted';

/**
 * Another process aborted the transaction, which took too long. None of its events is valid; retry.
 */
export class TransactionAborted extends Error {
  constructor() {
    super('the transaction was aborted');
    this.name = 'TransactionAborted';
  }
}

/** The category of the streams that hold the outcomes; no aggregate has it. */
export const TRANSACTION_CATEGORY = 'transaction';

const COMMITTED = 'TransactionCommitted';
const ABORTED = 'TransactionAborted';
const MAX_OUTCOMES = 50_000;
const AT_ONCE = 8;
/** The process that began a transaction writes its outcome within milliseconds, or has died. */
const OUTCOME_TIMEOUT_MS = 2_000;
const LOOK_AFTER_MS = 15;
/** Limits the load when many outcomes are awaited at once, as after a process was killed. */
const MAX_PAUSE_MS = 120;

const longer = (pause: number): number => Math.min(pause * 2, MAX_PAUSE_MS);

/** Appends to several streams and their outcomes; see `createTransactions`. */
export type Transactions = ReturnType<typeof createTransactions>;

/**
 * Appends to several streams, all or none, in a store that can append to one at a time. Every event
 * names its transaction and is valid only once the transaction's own stream holds
 * `TransactionCommitted`. That stream takes one event only, so there is one outcome, whichever
 * process writes it. A reader that finds no outcome within `outcomeTimeout` milliseconds aborts the
 * transaction.
 */
export const createTransactions = (
  client: Pick<EventStoreDbClient, 'append' | 'readLast'>,
  outcomeTimeout = OUTCOME_TIMEOUT_MS,
) => {
  const outcomes = new LRUCache<string, Outcome>({ max: MAX_OUTCOMES });
  const awaited = new Map<string, Promise<Outcome>>();
  const streamOf = (id: string) => `${TRANSACTION_CATEGORY}-${id}`;

  const remember = (id: string, type: string): Outcome => {
    const outcome = type === COMMITTED ? 'committed' : 'aborted';
    outcomes.set(id, outcome);
    return outcome;
  };

  const look = async (id: string): Promise<Outcome | undefined> => {
    const found = await client.readLast(streamOf(id));
    return found && remember(id, found.type);
  };

  /** @returns the outcome in the store, which another process may have written */
  const decide = async (id: string, eventId: string, wanted: Outcome): Promise<Outcome> => {
    const type = wanted === 'committed' ? COMMITTED : ABORTED;
    try {
      await client.append(streamOf(id), 'none', [{ id: eventId, type, data: {}, metadata: {} }]);
      return remember(id, type);
    } catch (error) {
      if (!(error instanceof WrongExpectedNumber)) throw error;
      const existing = await look(id);
      if (existing === undefined) throw error;
      return existing;
    }
  };

  const awaitOutcome = async (id: string): Promise<Outcome> => {
    const existing = await look(id);
    if (existing !== undefined) return existing;
    const deadline = performance.now() + outcomeTimeout;
    for (let pause = LOOK_AFTER_MS; performance.now() < deadline; pause = longer(pause)) {
      await delay(pause);
      const found = await look(id);
      if (found !== undefined) return found;
    }
    return decide(id, randomUUID(), 'aborted');
  };

  /** Shares one read among all callers: streams of one transaction are often read together. */
  const outcomeOf = async (id: string): Promise<Outcome> => {
    const known = outcomes.get(id);
    if (known !== undefined) return known;
    const looking = awaited.get(id) ?? awaitOutcome(id).finally(() => awaited.delete(id));
    awaited.set(id, looking);
    return looking;
  };

  /** @returns the position of the last event */
  const appendInParallel = async (parts: readonly StreamPart[]) => {
    const waiting = [...parts];
    let last: LogPosition | undefined;
    const work = async () => {
      for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
        const position = await client.append(part.stream, part.expected, part.events);
        if (position !== undefined && isAfter(position, last)) last = position;
      }
    };
    const stopAtFailure = (error: unknown): never => {
      waiting.length = 0;
      throw error;
    };
    const working = Array.from({ length: Math.min(AT_ONCE, parts.length) }, () =>
      work().catch(stopAtFailure),
    );
    // Waits for every append, so that none arrives after a retry has begun.
    await Promise.allSettled(working);
    await Promise.all(working);
    return last;
  };

  return {
    /**
     * Appends all parts or none. `id` and `decisionId` (UUIDs) stay the same when the append is
     * repeated.
     * @returns the position of its last event
     * @throws WrongExpectedNumber when a stream has moved on; TransactionAborted. None is valid
     * then.
     */
    append: async (id: string, decisionId: string, parts: readonly StreamPart[]) => {
      let last: LogPosition | undefined;
      try {
        for (const category of new Set(parts.map((part) => part.category))) {
          last = await appendInParallel(parts.filter((part) => part.category === category));
        }
      } catch (error) {
        if (error instanceof WrongExpectedNumber) await decide(id, randomUUID(), 'aborted');
        throw error;
      }
      if ((await decide(id, decisionId, 'committed')) === 'aborted') throw new TransactionAborted();
      return last;
    },

    /** Whether the transaction is committed; an event without one is always valid. */
    isValid: async (id: string | undefined): Promise<boolean> =>
      id === undefined || (await outcomeOf(id)) === 'committed',

    /** Caches an outcome that was read from the log, so that it need not be looked up. */
    note: ({ stream, type }: EventStoreDbEvent): void =>
      void remember(stream.slice(TRANSACTION_CATEGORY.length + 1), type),
  };
};
