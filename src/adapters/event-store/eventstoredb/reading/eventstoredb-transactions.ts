import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { EventStoreDbClient } from '../client/eventstoredb-client.ts';
import { WrongExpectedNumber } from '../client/eventstoredb-connection.ts';
import { type EventStoreDbEvent, isAfter, type LogPosition } from '../client/eventstoredb-event.ts';

/** One stream's part of an append to several. */
export type StreamPart = Readonly<{
  stream: string;
  expected: bigint | 'none';
  /** Parts of one category may be written in any order, those of the next come after them. */
  category: string;
  /** Marked with the transaction's id. */
  events: Parameters<EventStoreDbClient['append']>[2];
}>;

type Outcome = 'committed' | 'aborted';

/** Somebody lost patience with the transaction: nothing of it counts, and it can be tried again. */
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
/** Whoever began it writes the outcome within milliseconds, or is gone. */
const OUTCOME_TIMEOUT_MS = 2_000;
const LOOK_AFTER_MS = 15;
/** Many may be looked for at once, when a process was killed. */
const MAX_PAUSE_MS = 120;

const longer = (pause: number): number => Math.min(pause * 2, MAX_PAUSE_MS);

export type Transactions = ReturnType<typeof createTransactions>;

/**
 * Appends to several streams, all or none, in a store that can append to one at a time: every event
 * names its transaction and is void until the transaction's own stream says `TransactionCommitted`.
 * That stream takes one event only, so there is one outcome, whoever writes it: who finds a
 * transaction without an outcome after a while aborts it.
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

  /** @returns the outcome that stands, which may be somebody else's */
  const decide = async (id: string, eventId: string, wanted: Outcome): Promise<Outcome> => {
    const type = wanted === 'committed' ? COMMITTED : ABORTED;
    try {
      await client.append(streamOf(id), 'none', [{ id: eventId, type, data: {}, metadata: {} }]);
      return remember(id, type);
    } catch (error) {
      if (!(error instanceof WrongExpectedNumber)) throw error;
      const standing = await look(id);
      if (standing === undefined) throw error;
      return standing;
    }
  };

  const awaitOutcome = async (id: string): Promise<Outcome> => {
    const standing = await look(id);
    if (standing !== undefined) return standing;
    const deadline = performance.now() + outcomeTimeout;
    for (let pause = LOOK_AFTER_MS; performance.now() < deadline; pause = longer(pause)) {
      await delay(pause);
      const found = await look(id);
      if (found !== undefined) return found;
    }
    return decide(id, randomUUID(), 'aborted');
  };

  /**
   * One look for all who ask: a transaction has written to many streams, which are often read
   * together.
   */
  const outcomeOf = async (id: string): Promise<Outcome> => {
    const known = outcomes.get(id);
    if (known !== undefined) return known;
    const looking = awaited.get(id) ?? awaitOutcome(id).finally(() => awaited.delete(id));
    awaited.set(id, looking);
    return looking;
  };

  /** @returns where the last one is */
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
    // Whoever tries again must not be overtaken by what is still on its way.
    await Promise.allSettled(working);
    await Promise.all(working);
    return last;
  };

  return {
    /**
     * `id` and `decisionId` (UUIDs) stay the same when the append is repeated.
     * @returns where its last event is
     * @throws WrongExpectedNumber when a stream has moved on: nothing counts then;
     * TransactionAborted
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

    /** Whether what the transaction wrote counts. */
    isValid: async (id: string | undefined): Promise<boolean> =>
      id === undefined || (await outcomeOf(id)) === 'committed',

    /** Takes note of an outcome that passes by, so that it need not be looked up. */
    note: ({ stream, type }: EventStoreDbEvent): void =>
      void remember(stream.slice(TRANSACTION_CATEGORY.length + 1), type),
  };
};
