import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from, to } from 'pg-copy-streams';

/** Rows by the thousand, in the text format of `COPY`: see `copy-text.ts`. */
export type CopyStreams = Readonly<{
  /** `COPY … TO STDOUT`, as it comes. Left half-way, it ends the connection. */
  copyOut(text: string): AsyncIterable<string>;
  /** `COPY … FROM STDIN`. */
  copyIn(text: string, chunks: Iterable<string>): Promise<void>;
}>;

/** One piece of work after the other, in the order in which they come. */
export const createTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};

export const copyStreams = (client: pg.Client): CopyStreams => ({
  copyOut: async function* (text) {
    const stream = client.query(to(text)).setEncoding('utf8');
    let ended = false;
    try {
      for await (const chunk of stream) yield chunk;
      ended = true;
    } finally {
      // Else the server would wait for ever for somebody to read on.
      if (!ended) client.connection.stream.destroy();
    }
  },
  copyIn: (text, chunks) =>
    pipeline(Readable.from(chunks, { objectMode: true }), client.query(from(text))),
});
