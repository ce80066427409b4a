import { vi } from 'vitest';
import { createFastifyApp } from '../../../src/adapters/http/app/fastify-app.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { type ComposedSystem, openComposedSystem } from './composed-system.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import type { TestDatabase } from './test-database.ts';

export const PUBLIC_URL = 'https://auth.example.test';

export type RunningApp = ComposedSystem &
  Readonly<{
    url: string;
    client: HttpClient;
    /** Types of the events of the log or of one stream, in order. */
    events: (stream?: string) => Promise<readonly string[]>;
    countEvents: () => Promise<number>;
  }>;

/** Starts the service inside this process, on a free port, with a new database unless given. */
export const startRunningApp = async (
  environment: Readonly<Record<string, string>> = {},
  database?: Pick<TestDatabase, 'connectionString'>,
): Promise<RunningApp> => {
  const system = await openComposedSystem(
    { LATCHKEY_PUBLIC_URL: PUBLIC_URL, LATCHKEY_LOG_LEVEL: 'silent', ...environment },
    database,
  );
  const { get, sql, close } = system;
  const app = await createFastifyApp(get(tokens.http));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = createHttpClient(url);

  return {
    ...system,
    url,
    client,
    events: async (stream) => {
      const rows = await sql<{ type: string }>(
        `SELECT type FROM events WHERE $1::text IS NULL OR stream_id = $1
          ORDER BY transaction_id, global_position`,
        stream ?? null,
      );
      return rows.map(({ type }) => type);
    },
    countEvents: async () => (await sql('SELECT FROM events')).length,
    close: async () => {
      client.close();
      await app.close();
      await close();
    },
  };
};

/** Moves the clock forward and stops it until `vi.useRealTimers`. */
export const skipSeconds = (seconds: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + Math.round(seconds * 1_000) });
};

export const times = <Result>(
  count: number,
  work: (n: number) => Promise<Result>,
): Promise<readonly Result[]> => Promise.all(Array.from({ length: count }, (_, n) => work(n)));
