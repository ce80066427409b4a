import { randomUUID } from 'node:crypto';
import { type EventStore, streamName } from '../../../application/kernel/event-store.ts';
import type { EncodedAppend } from '../postgres/postgres-append-statement.ts';
import type { EventStoreDbClient } from './client/eventstoredb-client.ts';
import { WrongExpectedNumber } from './client/eventstoredb-connection.ts';
import type { LogPosition } from './client/eventstoredb-event.ts';
import { toProposed } from './reading/eventstoredb-event-format.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';
import { isEventStoreDbHead } from './reading/eventstoredb-stream-read.ts';
import { TransactionAborted, type Transactions } from './reading/eventstoredb-transactions.ts';

type Dependencies = Readonly<{
  client: Pick<EventStoreDbClient, 'append' | 'readLast'>;
  transactions: Pick<Transactions, 'append'>;
  read: EventStore['read'];
  readRest: EventStoreDbLog['readRest'];
}>;

/** An append on its way: `number` is where EventStoreDB's stream ends, void events counted. */
export type OutgoingAppend = Readonly<{ encoded: EncodedAppend; number: bigint | 'none' }>;

/**
 * Void events in the way, somebody without patience: neither comes twice in a row but by chance.
 */
const MAX_FAILURES = 3;

const firstRevision = ({ encoded: { expectedRevision } }: OutgoingAppend): bigint =>
  expectedRevision === 'none' ? 0n : expectedRevision + 1n;

/**
 * Writes encoded appends, all or none. @returns where the last one is
 * @throws WrongExpectedNumber; TransactionAborted
 */
export const createStoreAppends = ({ client, transactions, read, readRest }: Dependencies) => {
  const proposedIn = (append: OutgoingAppend, transaction: string | undefined) =>
    append.encoded.events.map((event, i) =>
      toProposed(event, firstRevision(append) + BigInt(i), transaction),
    );

  /** Looks before it leaps: an append that comes to nothing leaves void events behind. */
  const requireUnmoved = async (outgoing: readonly OutgoingAppend[]): Promise<void> => {
    await Promise.all(
      outgoing.map(async ({ encoded, number }) => {
        if (number === 'none') return;
        const name = streamName(encoded.stream);
        const last = await client.readLast(name);
        if (last?.number !== number) throw new WrongExpectedNumber(name);
      }),
    );
  };

  const storeTogether = async (
    outgoing: readonly OutgoingAppend[],
    id: string,
  ): Promise<LogPosition | undefined> => {
    await requireUnmoved(outgoing);
    const parts = outgoing.map((part) => ({
      stream: streamName(part.encoded.stream),
      category: part.encoded.stream.category,
      expected: part.number,
      events: proposedIn(part, id),
    }));
    const lastId = outgoing.at(-1)?.encoded.events.at(-1)?.eventId ?? id;
    return transactions.append(id, lastId, parts);
  };

  /** Where the streams end now, if nothing but void events has come. @throws WrongExpectedNumber */
  const renumber = (outgoing: readonly OutgoingAppend[]): Promise<readonly OutgoingAppend[]> =>
    Promise.all(
      outgoing.map(async ({ encoded }) => {
        const { head } = await read(encoded.stream, 0);
        if (head.revision !== encoded.expectedRevision) {
          throw new WrongExpectedNumber(streamName(encoded.stream));
        }
        return { encoded, number: isEventStoreDbHead(head) ? head.number : ('none' as const) };
      }),
    );

  /** A stream that is to begin may hold what came to nothing before. @throws WrongExpectedNumber */
  const skipAborted = async (
    outgoing: readonly OutgoingAppend[],
    conflict: WrongExpectedNumber,
  ): Promise<readonly OutgoingAppend[]> => {
    if (outgoing.every(({ number }) => number !== 'none')) throw conflict;
    const renumbered = await renumber(outgoing);
    if (renumbered.every(({ number }, i) => number === outgoing[i]?.number)) throw conflict;
    return renumbered;
  };

  const storeOnce = (outgoing: readonly OutgoingAppend[], id: string) => {
    const [only, second] = outgoing;
    if (only === undefined || second !== undefined) return storeTogether(outgoing, id);
    const name = streamName(only.encoded.stream);
    return client.append(name, only.number, proposedIn(only, undefined));
  };

  /**
   * Whether it was written before, be it behind void events, where the store does not look for it.
   */
  const isStored = async (outgoing: readonly OutgoingAppend[]): Promise<boolean> => {
    const [only, second] = outgoing;
    if (second === undefined && only?.number !== 'none') return false; // the store has looked
    for (const append of outgoing) {
      const { stream, events } = append.encoded;
      const found = await readRest(stream, firstRevision(append));
      if (events.some(({ eventId }, i) => found[i]?.eventId !== eventId)) return false;
    }
    return true;
  };

  const storeWithRetries = async (
    outgoing: readonly OutgoingAppend[],
  ): Promise<LogPosition | undefined> => {
    let attempt = outgoing;
    let id = outgoing[0]?.encoded.events[0]?.eventId ?? randomUUID();
    for (let failures = 0; ; failures += 1) {
      try {
        return await storeOnce(attempt, id);
      } catch (error) {
        if (failures === MAX_FAILURES) throw error;
        if (error instanceof TransactionAborted) attempt = await renumber(attempt);
        else if (error instanceof WrongExpectedNumber) attempt = await skipAborted(attempt, error);
        else throw error;
        id = randomUUID();
      }
    }
  };

  return async (outgoing: readonly OutgoingAppend[]): Promise<LogPosition | undefined> => {
    try {
      return await storeWithRetries(outgoing);
    } catch (error) {
      if (error instanceof WrongExpectedNumber && (await isStored(outgoing))) return undefined;
      throw error;
    }
  };
};
