import { randomBytes } from 'node:crypto';
import { startDoubleProcess } from '../../../tests/support/event-store-double/double-process.ts';
import type { Cleanup } from '../cleanup/cleanup.ts';

/** Environment variables that make a server keep its log in an event store. */
export type EventLogSettings = Readonly<
  Record<'EVENTSTOREDB_URL' | 'LATCHKEY_EVENTSTOREDB_PREFIX', string>
>;

/** An EventStoreDB server, or its double. */
export type BenchEventStore = Readonly<{
  /** Returns settings for a new log, for one database. */
  newLog(): EventLogSettings;
  /** Describes the store in the report. */
  description: string;
  /** Returns the number of calls per method so far; undefined for a real server. */
  calls(): Promise<Readonly<Record<string, number>> | undefined>;
}>;

const DOUBLE = [
  'EventStoreDB is a double here: the real protocol over a real socket, in a process of its own, but its',
  'log is in memory and reaches no disk. It shows the cost on the side of Latchkey. Set',
  'EVENTSTOREDB_TEST_URL to measure a real server.',
].join(' ');

/** Opens the server that EVENTSTOREDB_TEST_URL names, or starts the double of the tests. */
export const openBenchEventStore = async (cleanup: Cleanup): Promise<BenchEventStore> => {
  const logIn = (url: string) => (): EventLogSettings => ({
    EVENTSTOREDB_URL: url,
    LATCHKEY_EVENTSTOREDB_PREFIX: `bench_${randomBytes(4).toString('hex')}_`,
  });
  const url = process.env.EVENTSTOREDB_TEST_URL;
  if (url !== undefined) {
    const description = 'EventStoreDB is the real server of EVENTSTOREDB_TEST_URL.';
    return { newLog: logIn(url), description, calls: async () => undefined };
  }
  const double = await startDoubleProcess();
  cleanup.add(double.stop);
  return {
    newLog: logIn(double.connectionString),
    description: DOUBLE,
    calls: () => double.call('calls'),
  };
};
