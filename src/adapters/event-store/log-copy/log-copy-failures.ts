import { LogCopyRefused } from '../../../application/event-log/log-copy.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { EventStoreDb } from '../eventstoredb/eventstoredb.ts';

const toRefusal = async <Result>(calling: Promise<Result>): Promise<Result> => {
  try {
    return await calling;
  } catch (cause) {
    if (!(cause instanceof ApplicationError) || cause.code !== 'service_unavailable') throw cause;
    throw new LogCopyRefused(
      'The event store does not answer: the log stays where it is. Run the command again once it answers; it continues from there.',
      { cause },
    );
  }
};

async function* pagesToRefusal<Page>(pages: AsyncIterable<Page>): AsyncIterable<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await toRefusal(iterator.next());
    if (done === true) return;
    yield value;
  }
}

/**
 * Wraps the calls that a copy makes to EventStoreDB: an outage becomes a refusal that names the
 * store.
 */
export const refuseWhenUnavailable = ({
  client,
  reading,
}: Pick<EventStoreDb, 'client' | 'reading'>) => ({
  client: {
    append: (...args: Parameters<typeof client.append>) => toRefusal(client.append(...args)),
    readStream: (...args: Parameters<typeof client.readStream>) =>
      toRefusal(client.readStream(...args)),
    readLog: (...args: Parameters<typeof client.readLog>) =>
      pagesToRefusal(client.readLog(...args)),
  },
  reading: {
    valid: (...args: Parameters<typeof reading.valid>) => toRefusal(reading.valid(...args)),
  },
});
