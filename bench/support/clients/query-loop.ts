import pg from 'pg';

export type QueryLoop = Readonly<{
  /** Number of answers so far. */
  answers(): number;
  /** Stops. @returns the time of each query in milliseconds. @throws the error of a failed query */
  stop(): Promise<readonly number[]>;
}>;

/** Runs the same query in a loop, on a connection of its own. */
export const startQueryLoop = async (
  connectionString: string,
  question: string,
): Promise<QueryLoop> => {
  const client = new pg.Client({ connectionString });
  // A lost server also fails the running query, which is enough.
  client.on('error', () => undefined);
  await client.connect();
  const waits: number[] = [];
  let isAsking = true;
  const asking = (async () => {
    while (isAsking) {
      const began = performance.now();
      await client.query(question);
      waits.push(performance.now() - began);
    }
  })();
  // `stop` reports a failure; until then it must not end the process.
  asking.catch(() => undefined);
  return {
    answers: () => waits.length,
    stop: async () => {
      isAsking = false;
      await asking.finally(() => client.end());
      return waits;
    },
  };
};
