import { LogCopyRefused } from '../../../application/event-log/log-copy.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { EventStoreDb } from '../eventstoredb/eventstoredb.ts';

const named = async <Result>(calling: Promise<Result>): Promise<Result> => {
  try {
    return await calling;
  } catch (cause) {
    if (!(cause instanceof ApplicationError) || cause.code !== 'service_unavailable') throw cause;
    throw new LogCopyRefused(
      'The event store does not answer: the log stays where it is; run it again when it does, and it goes on from there.',
      { cause },
    );
  }
};

async function* namedPages<Page>(pages: AsyncIterable<Page>): AsyncIterable<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await named(iterator.next());
    if (done === true) return;
    yield value;
  }
}

/** What a copy needs of EventStoreDB. Its failures say which of the two stores is away. */
export const namingItsFailures = ({
  client,
  reading,
}: Pick<EventStoreDb, 'client' | 'reading'>) => ({
  client: {
    append: (...args: Parameters<typeof client.append>) => named(client.append(...args)),
    readStream: (...args: Parameters<typeof client.readStream>) =>
      named(client.readStream(...args)),
    readLog: (...args: Parameters<typeof client.readLog>) => namedPages(client.readLog(...args)),
  },
  reading: {
    valid: (...args: Parameters<typeof reading.valid>) => named(reading.valid(...args)),
  },
});
