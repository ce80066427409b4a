import { type Client, closedLoop, measureLoad } from '../measuring/load.ts';
import type { Comparison, Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import type { BenchDatabase } from '../support/databases/bench-database.ts';
import type { BenchEventStore, EventLogSettings } from '../support/databases/bench-event-store.ts';
import { countStatements, statementsPerRequest } from '../support/databases/statement-count.ts';
import type { LatchkeyServer } from '../support/processes/latchkey-server.ts';
import type { Scenario } from '../support/scenario.ts';
import { makeRefreshingClients } from './refresh.ts';

const STREAMS = { full: 500, quick: 200 };
const COUNTED = 100;

const STORES = ['PostgreSQL', 'EventStoreDB'] as const;
type Store = (typeof STORES)[number];

const appendLabel = (store: Store, concurrency: number) =>
  `append, log in ${store}, ${concurrency} at a time`;
const refreshLabel = (store: Store, clients: number) =>
  `refresh, log in ${store}, ${clients} ${clients === 1 ? 'client' : 'clients'}`;

type LogLocation = Readonly<{ database: BenchDatabase; eventLog?: EventLogSettings }>;

const appends = async (
  bench: Bench,
  store: Store,
  place: LogLocation,
): Promise<readonly Contender[]> => {
  const server = await bench.startBenchServer(place);
  const streams = STREAMS[bench.quick ? 'quick' : 'full'];
  return [1, 10].map((concurrency) => ({
    label: appendLabel(store, concurrency),
    measure: () => server.write('displayNameChanged', concurrency, streams),
  }));
};

type Refreshing = Readonly<{ contenders: readonly Contender[]; first: Client }>;

const refreshes = async (store: Store, server: LatchkeyServer): Promise<Refreshing> => {
  const clients = await makeRefreshingClients(server.port);
  const [first] = clients;
  if (first === undefined) throw new RangeError('no client');
  const contender = (loop: readonly Client[]): Contender => ({
    label: refreshLabel(store, loop.length),
    measure: (seconds) => measureLoad(() => closedLoop(loop, seconds), server),
  });
  return { contenders: [contender([first]), contender(clients)], first };
};

/**
 * Counts calls of the event store and SQL statements per refresh, including the projector's share.
 */
const describeCalls = async (
  eventStore: BenchEventStore,
  { database }: LogLocation,
  refresh: Client,
): Promise<readonly string[]> => {
  const before = await eventStore.calls();
  const statements = statementsPerRequest(await countStatements(database, COUNTED, refresh));
  const after = await eventStore.calls();
  const perRefresh = Object.entries(after ?? {}).map(([method, count]) => {
    const times = (count - (before?.[method] ?? 0)) / (COUNTED + 1);
    return `${times.toFixed(2)} ${method}`;
  });
  return [
    `one refresh, log in EventStoreDB, its share of the projector's work included: ${[
      ...perRefresh.filter((line) => !line.startsWith('0.00')),
      `${statements.toFixed(2)} SQL statements`,
    ].join(', ')}`,
  ];
};

const describeRatios = ({ ratio }: Comparison): readonly string[] => {
  const times = (figure: string, label: (store: Store, n: number) => string, n: number) =>
    ratio(figure, label('EventStoreDB', n), label('PostgreSQL', n)).toFixed(2);
  const line = (label: typeof appendLabel, n: number) =>
    `${label('EventStoreDB', n)}, to PostgreSQL: ${[
      `${times('1/s', label, n)} × 1/s`,
      `${times('p50 ms', label, n)} × p50`,
      `${times('p99 ms', label, n)} × p99`,
      `${times('CPU µs', label, n)} × CPU`,
    ].join(', ')}`;
  return [appendLabel, refreshLabel].flatMap((label) => [1, 10].map((n) => line(label, n)));
};

export const storesScenario: Scenario = {
  name: 'stores',
  title: 'The log in PostgreSQL or in EventStoreDB',
  meaning: [
    'The same appends (one event, one row changes) and the same refreshes (ten clients, a hundred token families)',
    'with the log in either store, side by side. In EventStoreDB mode an append is stored there, then its row changes',
    'are committed in PostgreSQL, before it is answered; the projector runs as well. CPU µs is the processor time of',
    'the Latchkey process. The first note describes the EventStoreDB.',
  ],
  run: async (bench) => {
    const eventStore = await bench.eventStore();
    const inEventStore = async (name: string) => ({
      database: await bench.createDatabase(name),
      eventLog: eventStore.newLog(),
    });
    const inDatabase = async (name: string) => ({ database: await bench.createDatabase(name) });
    const appending = [
      ...(await appends(bench, 'PostgreSQL', await inDatabase('latchkey_bench_appended'))),
      ...(await appends(bench, 'EventStoreDB', await inEventStore('latchkey_bench_appended_esdb'))),
    ];
    const refreshed = await inEventStore('latchkey_bench_refreshed_esdb');
    const onEventStore = await bench.startServer(refreshed.database, {
      eventLog: refreshed.eventLog,
    });
    const onDatabase = await bench.startServer(
      (await inDatabase('latchkey_bench_refreshed')).database,
    );
    // Created last: a server closes connections that are idle for long.
    const refreshing = {
      PostgreSQL: await refreshes('PostgreSQL', onDatabase),
      EventStoreDB: await refreshes('EventStoreDB', onEventStore),
    };
    const comparison = await bench.compare([
      ...STORES.flatMap((store) => refreshing[store].contenders),
      ...appending,
    ]);
    const calls = await describeCalls(eventStore, refreshed, refreshing.EventStoreDB.first);
    return {
      rows: comparison.rows,
      budgets: [],
      notes: [eventStore.description, ...describeRatios(comparison), ...calls],
    };
  },
};
