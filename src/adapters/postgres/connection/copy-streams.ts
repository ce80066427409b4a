import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';

/** Bulk transfer of rows in the text format of `COPY`: see `copy-text.ts`. */
export type CopyStreams = Readonly<{
  /** Runs `COPY … TO STDOUT` and yields its text. Abandoning it half-way ends the connection. */
  copyOut(text: string): AsyncIterable<string>;
  /** Runs `COPY … FROM STDIN`. */
  copyIn(text: string, chunks: Iterable<string>): Promise<void>;
}>;

/** Creates a queue that runs one task at a time, in order of arrival. */
export const createTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};

/** Adds `COPY` to a connection. */
export const copyStreams = (client: pg.Client): CopyStreams => ({
  copyOut: async function* (text) {
    const stream = client.query(to(text)).setEncoding('utf8');
    let ended = false;
    try {
      for await (const chunk of stream) yield chunk;
      ended = true;
    } finally {
      // Otherwise the server would wait forever for the rest to be read.
      if (!ended) client.connection.stream.destroy();
    }
  },
  copyIn: (text, chunks) =>
    pipeline(Readable.from(chunks, { objectMode: true }), client.query(from(text))),
});
