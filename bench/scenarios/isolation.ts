import { atLeast, atMost, type Figures } from '../measuring/findings.ts';
import { type Client, closedLoop, type Load, latencyOf, paced } from '../measuring/load.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import { connectHttp, httpRequest } from '../support/clients/http-connection.ts';
import { connectClients } from '../support/clients/latchkey-client.ts';
import { makeAccounts } from '../support/clients/population.ts';
import type { BenchServer } from '../support/processes/bench-server.ts';
import type { Scenario } from '../support/scenario.ts';

const STORM_CLIENTS = 16;
const VERIFYING_CLIENTS = 2;
const INTERVAL_MS = 8;
/** The threads of libuv's pool, which limit the hashes that run at a time without a cap. */
const UNCAPPED = 4;

const QUIET = 'quiet';
const STORM = 'sign-in storm';
const UNCAPPED_STORM = 'sign-in storm, hashes not capped';

const makeVerifying = async (server: BenchServer): Promise<Client[]> => {
  const [token = ''] = await server.mint(1);
  const request = httpRequest('GET', '/verified', { token });
  return Promise.all(
    Array.from({ length: VERIFYING_CLIENTS }, async (): Promise<Client> => {
      const connection = await connectHttp(server.barePort);
      return async () => {
        const { status } = await connection.send(request);
        if (status !== 200) throw new Error(`verification answered ${status}`);
        return 'done';
      };
    }),
  );
};

const makeStorm = async (server: BenchServer): Promise<Client[]> => {
  const accounts = await makeAccounts(server.port, STORM_CLIENTS);
  const clients = await connectClients(server.port, STORM_CLIENTS);
  return accounts.map((account, i) => async () => {
    await clients[i]?.signIn(account);
    return 'done';
  });
};

const figuresOf = (verification: Load, signIns?: Load): Figures => ({
  'verifications 1/s': verification.milliseconds.length / verification.seconds,
  ...latencyOf(verification),
  ...(signIns && { 'sign-ins 1/s': signIns.milliseconds.length / signIns.seconds }),
});

const makeContenders = async (bench: Bench): Promise<Contender[]> => {
  const capped = await bench.startBenchServer();
  const uncapped = await bench.startBenchServer({ passwordWorkers: UNCAPPED });
  const verifying = await makeVerifying(capped);
  const storming = async (label: string, server: BenchServer): Promise<Contender> => {
    const clients = await makeVerifying(server);
    const storm = await makeStorm(server);
    return {
      label,
      measure: async (seconds) => {
        const [verification, signIns] = await Promise.all([
          paced(clients, seconds, INTERVAL_MS),
          closedLoop(storm, seconds),
        ]);
        return figuresOf(verification, signIns);
      },
    };
  };
  return [
    {
      label: QUIET,
      measure: async (seconds) => figuresOf(await paced(verifying, seconds, INTERVAL_MS)),
    },
    await storming(STORM, capped),
    await storming(UNCAPPED_STORM, uncapped),
  ];
};

export const isolationScenario: Scenario = {
  name: 'isolation',
  title: 'Verification during a storm of sign-ins',
  meaning: [
    `${VERIFYING_CLIENTS} clients each verify a known token every ${INTERVAL_MS} ms while ${STORM_CLIENTS} clients sign in without a pause`,
    'in the same process. In the last row, as many hashes run as libuv has threads.',
  ],
  run: async (bench) => {
    const { rows, ratio, median } = await bench.compare(await makeContenders(bench));
    return {
      rows,
      budgets: [
        atMost('p50 in the storm', ratio('p50 ms', STORM, QUIET), 2, '× quiet'),
        atMost('p99 in the storm', median('p99 ms', STORM), 15, 'ms'),
        atLeast(
          'sign-ins, capped',
          ratio('sign-ins 1/s', STORM, UNCAPPED_STORM),
          0.7,
          '× uncapped',
        ),
      ],
    };
  },
};
