import { randomBytes } from 'node:crypto';
import { startDoubleProcess } from '../../tests/support/event-store-double/double-process.ts';
import type { Cleanup } from './cleanup.ts';

export type BenchEventStore = Readonly<{
  /** What a server is told to keep its log there. */
  environment: Readonly<Record<string, string>>;
  /** For the reader of a report. */
  description: string;
  /** Calls of each method so far; undefined where nobody counts them. */
  calls(): Promise<Readonly<Record<string, number>> | undefined>;
}>;

const DOUBLE = [
  'EventStoreDB is a double here: the real protocol over a real socket, in a process of its own, but its',
  'log is in memory and reaches no disk. It shows what our side costs. EVENTSTOREDB_TEST_URL measures a',
  'real server.',
].join(' ');

/** The server that EVENTSTOREDB_TEST_URL names, or the double of the tests. */
export const openBenchEventStore = async (cleanup: Cleanup): Promise<BenchEventStore> => {
  const prefix = `bench-${randomBytes(4).toString('hex')}-`;
  const environmentFor = (url: string) => ({
    EVENTSTOREDB_URL: url,
    LATCHKEY_EVENTSTOREDB_PREFIX: prefix,
  });
  const url = process.env.EVENTSTOREDB_TEST_URL;
  if (url !== undefined) {
    const description = 'EventStoreDB is the real server of EVENTSTOREDB_TEST_URL.';
    return { environment: environmentFor(url), description, calls: async () => undefined };
  }
  const double = await startDoubleProcess();
  cleanup.add(double.stop);
  return {
    environment: environmentFor(double.connectionString),
    description: DOUBLE,
    calls: () => double.ask('calls'),
  };
};
