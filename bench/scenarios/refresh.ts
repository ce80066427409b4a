import { atMost } from '../measuring/findings.ts';
import { type Client, closedLoop, measureLoad, type Watched } from '../measuring/load.ts';
import type { Contender } from '../measuring/rounds.ts';
import { connectHttp, httpRequest } from '../support/clients/http-connection.ts';
import {
  type ClientSession,
  connectClients,
  type LatchkeyClient,
} from '../support/clients/latchkey-client.ts';
import { makeSessions } from '../support/clients/population.ts';
import {
  countStatements,
  describeStatements,
  statementsPerRequest,
} from '../support/databases/statement-count.ts';
import type { Scenario } from '../support/scenario.ts';

const CLIENTS = 10;
const FAMILIES_PER_CLIENT = 10;
const COUNTED = 100;

const FLOOR = `floor: row read, row written, token signed, ${CLIENTS} clients`;
const ALONE = 'POST /v1/sessions/refresh, 1 client';
const TOGETHER = `POST /v1/sessions/refresh, ${CLIENTS} clients`;

/** Refreshes its own families in turn, each with its latest token. */
const refreshing = (client: LatchkeyClient, sessions: readonly ClientSession[]): Client => {
  let next = 0;
  return async () => {
    const session = sessions[next % sessions.length];
    next += 1;
    if (session !== undefined) await client.refresh(session);
    return 'done';
  };
};

/** Creates clients that each refresh sessions of their own in turn. */
export const makeRefreshingClients = async (port: number): Promise<Client[]> => {
  const clients = await connectClients(port, CLIENTS);
  const sessions = await makeSessions(port, CLIENTS * FAMILIES_PER_CLIENT);
  return clients.map((client, i) =>
    refreshing(client, sessions.slice(i * FAMILIES_PER_CLIENT, (i + 1) * FAMILIES_PER_CLIENT)),
  );
};

/**
 * Creates clients of `/floor`, the minimum work of a refresh on a bare Fastify with the same
 * driver.
 */
const makeFloorClients = (port: number): Promise<Client[]> => {
  const request = httpRequest('POST', '/floor', { body: { refreshToken: 'x'.repeat(98) } });
  return Promise.all(
    Array.from({ length: CLIENTS }, async (): Promise<Client> => {
      const connection = await connectHttp(port);
      return async () => {
        const { status, body } = await connection.send(request);
        if (status !== 200) throw new Error(`the floor answered ${status}: ${body}`);
        return 'done';
      };
    }),
  );
};

export const refreshScenario: Scenario = {
  name: 'refresh',
  title: 'Refresh',
  meaning: [
    `${CLIENTS * FAMILIES_PER_CLIENT} token families. Each client presents the token it received last, so every answer is a`,
    'rotation: one event and three rows on disk, one signature. CPU µs is the processor time of the server',
    'process per refresh; PostgreSQL and the client use the same cores in addition. The floor is a bare',
    'Fastify that does the minimum of any refresh: a SELECT, an UPDATE of one row, one signature.',
  ],
  run: async (bench) => {
    const server = await bench.server();
    const clients = await makeRefreshingClients(server.port);
    const [first] = clients;
    if (first === undefined) throw new RangeError('no client');
    const bare = await bench.startBenchServer();
    const contender = (label: string, loop: readonly Client[], watched: Watched): Contender => ({
      label,
      measure: (seconds) => measureLoad(() => closedLoop(loop, seconds), watched),
    });
    const { rows, median, ratio } = await bench.compare([
      contender(FLOOR, await makeFloorClients(bare.barePort), bare),
      contender(TOGETHER, clients, server),
      contender(ALONE, [first], server),
    ]);
    await bare.stop();
    const counts = await countStatements(await bench.database(), COUNTED, first);
    return {
      rows,
      budgets: [
        atMost('CPU of the server for one refresh', median('CPU µs', TOGETHER), 200, 'µs'),
        atMost('SQL statements of a refresh', statementsPerRequest(counts), 2),
      ],
      notes: [
        `CPU of a refresh to the floor: ${ratio('CPU µs', TOGETHER, FLOOR).toFixed(2)}`,
        describeStatements('refresh', counts),
      ],
    };
  },
};
