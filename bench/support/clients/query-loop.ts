import pg from 'pg';

export type QueryLoop = Readonly<{
  /** How many answers there were up to now. */
  answers(): number;
  /** Ends it. @returns how long each answer took, in milliseconds; throws if one was an error */
  stop(): Promise<readonly number[]>;
}>;

/** Asks a database the same question over and over, on a connection of its own. */
export const startQueryLoop = async (
  connectionString: string,
  question: string,
): Promise<QueryLoop> => {
  const client = new pg.Client({ connectionString });
  // A server that goes away fails the question that is under way, which is enough.
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
  // Whoever stops it learns of a failure; until then it must not end the process.
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
