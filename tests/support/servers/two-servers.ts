import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { eventually } from '../kernel/eventually.ts';
import { type Answer, createHttpClient, type HttpClient } from './http-client.ts';
import { newMasterKey, type ServerProcess, startServerProcess } from './latchkey-process.ts';
import { tokenIn } from './mailbox.ts';
import { createTestDatabase } from './test-database.ts';
import { eventStoreBeside } from './test-event-store.ts';

export type InboxMail = Readonly<{ to: string; subject: string; text: string; html: string }>;

/** Two processes that serve one database, with their clients and mails. */
export type TwoServers = Readonly<{
  clients: readonly [HttpClient, HttpClient];
  servers: readonly ServerProcess[];
  environment: Readonly<Record<string, string>>;
  database: Database;
  /** Sends `count` requests at once, alternating between the processes. */
  evenly<Result>(
    count: number,
    ask: (client: HttpClient, n: number) => Promise<Result>,
  ): Promise<readonly Result[]>;
  mailsTo(address: string): Promise<readonly InboxMail[]>;
  /** Waits for the `count`-th mail to the address. */
  mailTo(address: string, count?: number): Promise<InboxMail>;
  tokenTo(address: string, count?: number): Promise<string>;
  close(): Promise<void>;
}>;

export const startTwoServers = async (
  settings: Readonly<Record<string, string>> = {},
): Promise<TwoServers> => {
  const testDatabase = await createTestDatabase();
  const environment = {
    ...(await eventStoreBeside(testDatabase.connectionString)),
    DATABASE_URL: testDatabase.connectionString,
    LATCHKEY_MASTER_KEY: newMasterKey(),
    LATCHKEY_PUBLIC_URL: 'http://auth.example.test',
    LATCHKEY_LOG_LEVEL: 'error',
    LATCHKEY_REGISTRATION: 'verify-first',
    LATCHKEY_RATE_LIMITS: 'off',
    ...settings,
  };
  const database = createDatabase({ connectionString: testDatabase.connectionString });
  const servers = await Promise.all([
    startServerProcess(environment),
    startServerProcess(environment),
  ]);
  const [one, two] = servers.map(({ url }) => createHttpClient(url));
  if (one === undefined || two === undefined) throw new TypeError('two servers were started');

  const mailsTo = async (address: string): Promise<readonly InboxMail[]> => {
    const headers = { accept: 'application/json' };
    const { json } = await two.call('GET', '/dev/mail', { headers });
    return (json as InboxMail[]).filter(({ to }) => to === address);
  };

  const mailTo = async (address: string, count = 1): Promise<InboxMail> => {
    let found: InboxMail | undefined;
    await eventually(async () => {
      found = (await mailsTo(address))[count - 1];
      return found !== undefined;
    }, `mail ${count} to ${address}`);
    if (found === undefined) throw new TypeError('the mail was just there');
    return found;
  };

  return {
    clients: [one, two],
    servers,
    environment,
    database,
    evenly: (count, ask) =>
      Promise.all(Array.from({ length: count }, (_, n) => ask(n % 2 === 0 ? one : two, n))),
    mailsTo,
    mailTo,
    tokenTo: async (address, count) => tokenIn((await mailTo(address, count)).text),
    close: async () => {
      for (const client of [one, two]) client.close();
      for (const server of servers) await server.stop();
      await database.close();
      await testDatabase.drop();
    },
  };
};

/** Counts outcomes: `{ 204: 1, token_invalid: 19 }`. */
export const outcomes = (answers: readonly Answer[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { status, json } of answers) {
    const { code } = (json ?? {}) as { code?: string };
    const key = code ?? String(status);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};
