import { atLeast } from '../measuring/findings.ts';
import { type Client, closedLoop, measureLoad } from '../measuring/load.ts';
import type { Contender } from '../measuring/rounds.ts';
import {
  connectHttp,
  type HttpConnection,
  httpRequest,
} from '../support/clients/http-connection.ts';
import { connectClients, newAccount } from '../support/clients/latchkey-client.ts';
import type { BenchServer } from '../support/processes/bench-server.ts';
import type { Scenario } from '../support/scenario.ts';

const CLIENTS = 10;
const SEEN = 1_000;
/** More than a round can use. */
const NEW_PER_SECOND = 9_000;

const CONSTANT = 'constant answer, no token';
const KNOWN = 'behind the hook, token seen before';
const NEW = 'behind the hook, new token';
const PROFILE = 'GET /v1/me of the whole service';

const sending =
  (connection: HttpConnection, nextRequest: () => string | undefined): Client =>
  async () => {
    const request = nextRequest();
    if (request === undefined) return 'exhausted';
    const { status, body } = await connection.send(request);
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return 'done';
  };

const cycling = (requests: readonly string[]): (() => string | undefined) => {
  let next = 0;
  return () => {
    next = (next + 1) % requests.length;
    return requests[next];
  };
};

const verified = (tokens: readonly string[]): string[] =>
  tokens.map((token) => httpRequest('GET', '/verified', { token }));

const connectAll = (port: number): Promise<readonly HttpConnection[]> =>
  Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const connection = await connectHttp(port);
      return connection;
    }),
  );

const makeContenders = async (server: BenchServer): Promise<Contender[]> => {
  const bare = await connectAll(server.barePort);
  const whole = await connectAll(server.port);
  const [registrant] = await connectClients(server.port, 1);
  const session = await registrant?.register(newAccount());
  registrant?.close();
  const profile = httpRequest('GET', '/v1/me', { token: session?.accessToken ?? '' });

  const drive = (
    connections: readonly HttpConnection[],
    next: () => string | undefined,
    seconds: number,
  ) => {
    const clients = connections.map((connection) => sending(connection, next));
    return measureLoad(() => closedLoop(clients, seconds), server);
  };
  const knownRequests = verified(await server.mint(SEEN));
  const known = cycling(knownRequests);
  /** New tokens of other rounds may have evicted the known ones from the cache. */
  const refillCache = async () => {
    const unseen = [...knownRequests];
    await drive(bare, () => unseen.pop(), Number.POSITIVE_INFINITY);
  };
  const constant = () => httpRequest('GET', '/constant');
  return [
    { label: CONSTANT, measure: (seconds) => drive(bare, constant, seconds) },
    {
      label: KNOWN,
      measure: async (seconds) => {
        await refillCache();
        return drive(bare, known, seconds);
      },
    },
    {
      label: NEW,
      measure: async (seconds) => {
        const requests = verified(await server.mint(Math.ceil(NEW_PER_SECOND * seconds)));
        return drive(bare, () => requests.pop(), seconds);
      },
    },
    { label: PROFILE, measure: (seconds) => drive(whole, () => profile, seconds) },
  ];
};

export const verificationScenario: Scenario = {
  name: 'verification',
  title: 'Access-token verification',
  meaning: [
    `${CLIENTS} clients. A bare Fastify answers with a constant, and with the same constant behind the service's`,
    `hook: ${SEEN.toLocaleString('en-US')} tokens that were verified before, and tokens presented once, which cost an ES256`,
    'verification. GET /v1/me adds security headers, request log, one database read and the schema.',
  ],
  run: async (bench) => {
    const server = await bench.startBenchServer();
    const { rows, ratio, median } = await bench.compare(await makeContenders(server));
    await server.stop();
    const extra = (label: string) =>
      Math.round(median('CPU µs', label) - median('CPU µs', CONSTANT));
    return {
      rows,
      budgets: [atLeast('verified per constant answers', ratio('1/s', KNOWN, CONSTANT), 0.7)],
      notes: [
        `CPU of constant to verified: ${ratio('CPU µs', CONSTANT, KNOWN).toFixed(2)}; verification costs ${extra(KNOWN)} µs for a token seen before, ${extra(NEW)} µs for a new one`,
      ],
    };
  },
};
