import pg from 'pg';
import { expect, vi } from 'vitest';

export type RawSession = Readonly<{
  query: <Row extends object>(text: string, ...values: unknown[]) => Promise<readonly Row[]>;
  end(): Promise<void>;
}>;

/** Opens a connection outside any pool, for transactions that overlap with those under test. */
export const openRawSession = async (connectionString: string): Promise<RawSession> => {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return {
    query: async <Row extends object>(text: string, ...values: unknown[]) =>
      (await client.query<Row>(text, values)).rows,
    end: () => client.end().catch(() => undefined),
  };
};

/** Waits for a backend of this database that waits for a lock, and terminates it. */
export const terminateWhoeverWaits = ({ query }: RawSession): Promise<void> =>
  vi.waitFor(
    async () => {
      const ended = await query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(ended).toHaveLength(1);
    },
    { timeout: 10_000 },
  );
