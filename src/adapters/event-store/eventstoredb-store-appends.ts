import { randomUUID } from 'node:crypto';
import { type EventStore, streamName } from '../../application/ports/event-store.ts';
import { type EventStoreDbClient, WrongExpectedNumber } from './eventstoredb-client.ts';
import { toProposed } from './eventstoredb-event-format.ts';
import { isEventStoreDbHead } from './eventstoredb-stream-read.ts';
import { TransactionAborted, type Transactions } from './eventstoredb-transactions.ts';
import type { LogPosition } from './kept-event.ts';
import type { EncodedAppend } from './postgres-append-statement.ts';

type Dependencies = Readonly<{
  client: Pick<EventStoreDbClient, 'append' | 'readLast'>;
  transactions: Pick<Transactions, 'append'>;
  read: EventStore['read'];
}>;

/** An append on its way: `number` is where EventStoreDB's stream ends, void events counted. */
export type OutgoingAppend = Readonly<{ encoded: EncodedAppend; number: bigint | 'none' }>;

const MAX_ABORTS = 3;

/**
 * Writes encoded appends, all or none. @returns where the last one is
 * @throws WrongExpectedNumber; TransactionAborted
 */
export const createStoreAppends = ({ client, transactions, read }: Dependencies) => {
  const proposedIn = ({ encoded }: OutgoingAppend, transaction: string | undefined) => {
    const { expectedRevision, events } = encoded;
    const first = expectedRevision === 'none' ? 0n : expectedRevision + 1n;
    return events.map((event, i) => toProposed(event, first + BigInt(i), transaction));
  };

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

  return async (outgoing: readonly OutgoingAppend[]): Promise<LogPosition | undefined> => {
    const [only, second] = outgoing;
    if (only !== undefined && second === undefined) {
      return client.append(
        streamName(only.encoded.stream),
        only.number,
        proposedIn(only, undefined),
      );
    }
    let attempt = outgoing;
    let id = only?.encoded.events[0]?.eventId ?? randomUUID();
    for (let aborts = 0; ; aborts += 1) {
      try {
        return await storeTogether(attempt, id);
      } catch (error) {
        if (!(error instanceof TransactionAborted) || aborts === MAX_ABORTS) throw error;
        attempt = await renumber(attempt);
        id = randomUUID();
      }
    }
  };
};
