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

/**
 * An encoded append. `number`: the last number of EventStoreDB's stream, aborted events included.
 */
export type OutgoingAppend = Readonly<{ encoded: EncodedAppend; number: bigint | 'none' }>;

/**
 * Aborted events in the way, or an abort by another process: either rarely happens twice in a row.
 */
const MAX_FAILURES = 3;

const firstRevision = ({ encoded: { expectedRevision } }: OutgoingAppend): bigint =>
  expectedRevision === 'none' ? 0n : expectedRevision + 1n;

/**
 * Writes encoded appends, all or none. @returns the position of the last event
 * @throws WrongExpectedNumber; TransactionAborted
 */
export const createStoreAppends = ({ client, transactions, read, readRest }: Dependencies) => {
  const proposedIn = (append: OutgoingAppend, transaction: string | undefined) =>
    append.encoded.events.map((event, i) =>
      toProposed(event, firstRevision(append) + BigInt(i), transaction),
    );

  /** Checks all streams first, because an aborted append leaves aborted events behind. */
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

  /**
   * Reads the last numbers again, if only aborted events were added. @throws WrongExpectedNumber
   */
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

  /** A new stream may hold events of an aborted append. @throws WrongExpectedNumber */
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
   * Whether an earlier attempt stored the events, possibly after aborted ones, where the store does
   * not check.
   */
  const isStored = async (outgoing: readonly OutgoingAppend[]): Promise<boolean> => {
    const [only, second] = outgoing;
    if (second === undefined && only?.number !== 'none') return false; // the store has checked
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
