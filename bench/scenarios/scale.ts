import { atLeast, atMost } from '../measuring/findings.ts';
import { type Client, closedLoop, measureLoad } from '../measuring/load.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import { type ClientSession, connectClients } from '../support/clients/latchkey-client.ts';
import { makeSessions } from '../support/clients/population.ts';
import type { BenchDatabase } from '../support/databases/bench-database.ts';
import { countStatements, pagesPerRequest } from '../support/databases/statement-count.ts';
import type { LatchkeyServer } from '../support/processes/latchkey-server.ts';
import type { Scenario } from '../support/scenario.ts';

const CLIENTS = 10;
const FAMILIES_PER_CLIENT = 10;
/** Runs of each statement per connection after which PostgreSQL keeps a generic plan. */
const WARM_UP_RUNS = 20;
/** How often each row is copied. */
const COPIES = { full: 1_000, quick: 60 };

const COUNTED = 100;

const SMALL = 'database of a hundred sessions';
const LARGE = 'the same, grown a thousandfold';

/** Copies all rows under other ids. */
const MULTIPLY: readonly string[] = [
  `INSERT INTO sessions SELECT copy.* FROM sessions AS t, generate_series(1, $copies) AS n,
     jsonb_populate_record(t, jsonb_build_object('id', md5(t.id::text || n)::uuid)) AS copy`,
  `INSERT INTO refresh_tokens SELECT copy.* FROM refresh_tokens AS t,
     generate_series(1, $copies) AS n, jsonb_populate_record(t, jsonb_build_object(
       'id', t.id || '.' || n, 'token_hash', encode(sha256((t.id || '.' || n)::bytea), 'hex'),
       'token_family', md5(t.token_family::text || n)::uuid)) AS copy`,
  `INSERT INTO streams SELECT copy.* FROM streams AS t, generate_series(1, $copies) AS n,
     jsonb_populate_record(t, jsonb_build_object('stream_id', t.stream_id || '.' || n)) AS copy`,
  `INSERT INTO events SELECT copy.* FROM events AS t, generate_series(1, $copies) AS n,
     jsonb_populate_record(t, jsonb_build_object('stream_id', t.stream_id || '.' || n,
       'event_id', md5(t.event_id::text || n)::uuid,
       'global_position', nextval('events_global_position'))) AS copy`,
];

const multiply = async (database: BenchDatabase, copies: number): Promise<void> => {
  await database.withClient(async (query) => {
    // The copies reference the same rows as their originals: foreign keys need no check.
    await query("SET session_replication_role = 'replica'");
    for (const sql of MULTIPLY) await query(sql.replaceAll('$copies', String(copies)));
  });
};

const makeClients = async ({ port }: LatchkeyServer): Promise<Client[]> => {
  const connections = await connectClients(port, CLIENTS);
  const sessions = await makeSessions(port, CLIENTS * FAMILIES_PER_CLIENT);
  return connections.map((connection, i) => {
    const own = sessions.slice(i * FAMILIES_PER_CLIENT, (i + 1) * FAMILIES_PER_CLIENT);
    let next = 0;
    return async () => {
      const session: ClientSession | undefined = own[next % own.length];
      next += 1;
      if (session !== undefined) await connection.refresh(session);
      return 'done';
    };
  });
};

/**
 * Prepares a small database with planned statements, which then grows faster than its statistics.
 */
const prepare = async (bench: Bench, name: string, copies: number) => {
  const database = await bench.createDatabase(name);
  const server = await bench.startServer(database);
  const clients = await makeClients(server);
  await database.withClient((query) => query('ANALYZE'));
  for (let i = 0; i < WARM_UP_RUNS; i += 1) await Promise.all(clients.map((client) => client()));
  if (copies > 0) {
    bench.progress(`growing the database ${copies} times`);
    await multiply(database, copies);
  }
  return { database, server, clients };
};

/** Counts the pages that PostgreSQL reads for one refresh, which a busy machine does not affect. */
const countPages = async (database: BenchDatabase, clients: readonly Client[]): Promise<number> => {
  let next = 0;
  const counts = await countStatements(database, COUNTED, async () => {
    next += 1;
    await clients[next % clients.length]?.();
  });
  return pagesPerRequest(counts);
};

export const scaleScenario: Scenario = {
  name: 'scale',
  title: 'Refresh in a large database',
  meaning: [
    `${CLIENTS} clients refresh ${CLIENTS * FAMILIES_PER_CLIENT} sessions in two databases side by side. One is small. The other grew suddenly by`,
    `${COPIES.full.toLocaleString('en-US')} copies of each session, token, stream and event (--quick: ${COPIES.quick}), after its plans were made:`,
    'the cost must depend neither on the size of the tables nor on the time of planning.',
  ],
  run: async (bench) => {
    const contender = async (label: string, name: string, copies: number) => {
      const { database, server, clients } = await prepare(bench, name, copies);
      return {
        server,
        label,
        countPages: () => countPages(database, clients),
        measure: (seconds: number) => measureLoad(() => closedLoop(clients, seconds), server),
      };
    };
    const small = await contender(SMALL, 'latchkey_small', 0);
    const large = await contender(LARGE, 'latchkey_large', COPIES[bench.quick ? 'quick' : 'full']);
    const contenders: Contender[] = [small, large];
    const { rows, ratio } = await bench.compare(contenders);
    const pages = { small: await small.countPages(), large: await large.countPages() };
    await small.server.stop();
    await large.server.stop();
    return {
      rows,
      budgets: [
        atMost(
          'pages PostgreSQL reads for a refresh, large to small',
          pages.large / pages.small,
          1.3,
        ),
        atLeast('refreshes, large to small', ratio('1/s', LARGE, SMALL), 0.8),
        atMost('CPU of the server, large to small', ratio('CPU µs', LARGE, SMALL), 1.2),
      ],
      notes: [
        `pages of tables and indexes for one refresh: ${Math.round(pages.small)} in the small database, ${Math.round(pages.large)} in the large one`,
      ],
    };
  },
};
