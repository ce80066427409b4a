import { randomBytes } from 'node:crypto';
import { startDoubleProcess } from '../../../tests/support/event-store-double/double-process.ts';
import type { Cleanup } from '../cleanup/cleanup.ts';

/** What a server is told to keep its log in an event store. */
export type EventLogSettings = Readonly<
  Record<'EVENTSTOREDB_URL' | 'LATCHKEY_EVENTSTOREDB_PREFIX', string>
>;

export type BenchEventStore = Readonly<{
  /** A log of its own, for one database. */
  newLog(): EventLogSettings;
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
    calls: () => double.ask('calls'),
  };
};
