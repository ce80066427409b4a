import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { tokens } from '../../src/composition/system-tokens.ts';
import type { System } from '../../src/server/open-system.ts';
import type { Figures } from '../measuring/findings.ts';
import { type Client, closedLoop, measureLoad, ownProcess } from '../measuring/load.ts';
import type { Written } from '../support/processes/bench-server.ts';
import { type PreparedAppends, prepareAppends } from './prepared-appends.ts';

type Work = () => Promise<unknown>;
type Params = { what: Written; concurrency: number; count: number };

const MAX_CONNECTIONS = 10;
/** About the size of an event. */
const PAYLOAD = JSON.stringify({ text: 'x'.repeat(300) });
const INSERT = {
  name: 'bench_insert',
  text: 'INSERT INTO bench_rows (stream_id, data) VALUES ($1, $2)',
};

const openPool = async (connectionString: string): Promise<pg.Pool> => {
  const pool = new pg.Pool({ connectionString, max: MAX_CONNECTIONS });
  pool.on('error', () => undefined);
  await pool.query(
    `CREATE TABLE IF NOT EXISTS bench_rows
     (id bigserial PRIMARY KEY, stream_id text NOT NULL, data jsonb NOT NULL)`,
  );
  return pool;
};

/** Runs all works, `concurrency` at a time. */
const drainQueue = (works: Work[], concurrency: number): Promise<Figures> => {
  const client: Client = async () => {
    const work = works.pop();
    if (work === undefined) return 'exhausted';
    await work();
    return 'done';
  };
  const clients = Array.from({ length: concurrency }, () => client);
  return measureLoad(() => closedLoop(clients, Number.POSITIVE_INFINITY), ownProcess);
};

/** Adds a route that writes to the database from this process and answers with the figures. */
export const addWriteRoutes = (app: FastifyInstance, system: System): void => {
  const eventStore = system.get(tokens.eventStore);
  let pool: Promise<pg.Pool> | undefined;
  let prepared: Promise<PreparedAppends> | undefined;

  const worksFor = async (what: Written, count: number): Promise<Work[]> => {
    if (what === 'row') {
      pool ??= openPool(system.connectionString);
      const open = await pool;
      return Array.from(
        { length: count },
        (_, i) => () => open.query({ ...INSERT, values: [`user-${i}`, PAYLOAD] }),
      );
    }
    prepared ??= prepareAppends(system, count);
    const appends = await (await prepared)[what]();
    return appends.map((append) => () => eventStore.append([append]));
  };

  app.get<{ Params: Params }>('/write/:what/:concurrency/:count', async ({ params }) =>
    drainQueue(await worksFor(params.what, Number(params.count)), Number(params.concurrency)),
  );
};
