import { createArgon2PasswordHasher } from '../../src/adapters/hashing/argon2-password-hasher.ts';
import type { PasswordHasher } from '../../src/application/identity/password-hasher.ts';
import { readConfig } from '../../src/configuration/config.ts';
import { atLeast, atMost } from '../measuring/findings.ts';
import { type Client, closedLoop, measureLoad, ownProcess } from '../measuring/load.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import { connectClients, newAccount } from '../support/clients/latchkey-client.ts';
import { makeAccounts } from '../support/clients/population.ts';
import {
  countStatements,
  describeStatements,
  statementsPerRequest,
} from '../support/databases/statement-count.ts';
import type { Scenario } from '../support/scenario.ts';

const CLIENTS = 16;
const QUEUE = 200;
const COUNTED = 20;

const HASH = 'hash, bare';
const VERIFY = 'verify, bare';
const REGISTER = 'POST /v1/users';
const SIGN_IN = 'POST /v1/sessions';

/** Hashes by the same library behind the same gate, in the benchmark's process. */
const bareContenders = async (passwords: PasswordHasher): Promise<Contender[]> => {
  const { password } = newAccount();
  const phc = await passwords.hash(password);
  const loop = (label: string, work: () => Promise<unknown>): Contender => {
    const client: Client = async () => {
      await work();
      return 'done';
    };
    const clients = Array.from({ length: CLIENTS }, () => client);
    return {
      label,
      measure: (seconds) => measureLoad(() => closedLoop(clients, seconds), ownProcess),
    };
  };
  return [
    loop(HASH, () => passwords.hash(password)),
    loop(VERIFY, () => passwords.verify(phc, password)),
  ];
};

const httpContenders = async (bench: Bench): Promise<Contender[]> => {
  const server = await bench.server();
  const clients = await connectClients(server.port, CLIENTS);
  const accounts = await makeAccounts(server.port, CLIENTS);
  const registering = clients.map(
    (client): Client =>
      async () => {
        await client.register(newAccount());
        return 'done';
      },
  );
  const signingIn = accounts.map(
    (account, i): Client =>
      async () => {
        await clients[i]?.signIn(account);
        return 'done';
      },
  );
  const loop = (label: string, loopClients: readonly Client[]): Contender => ({
    label,
    measure: (seconds) => measureLoad(() => closedLoop(loopClients, seconds), server),
  });
  return [loop(REGISTER, registering), loop(SIGN_IN, signingIn)];
};

const countBoth = async (bench: Bench) => {
  const { port } = await bench.server();
  const database = await bench.database();
  const [client] = await connectClients(port, 1);
  const [account] = await makeAccounts(port, 1);
  if (client === undefined || account === undefined) throw new RangeError('no client');
  const registering = await countStatements(database, COUNTED, () => client.register(newAccount()));
  const signingIn = await countStatements(database, COUNTED, () => client.signIn(account));
  client.close();
  return { registering, signingIn };
};

export const passwordsScenario: Scenario = {
  name: 'passwords',
  title: 'Register and sign in',
  meaning: [
    `${CLIENTS} clients without a pause. The bare rows hash in the benchmark's process, by the same`,
    'library behind the same gate, without HTTP, database and tokens. CPU µs is the processor time',
    'of the process at work, all its threads, for each request or hash.',
  ],
  run: async (bench) => {
    const workers = readConfig({}).passwordWorkers;
    const passwords = await createArgon2PasswordHasher({ workers, maxQueue: QUEUE });
    const bare = await bareContenders(passwords);
    const { rows, ratio, median } = await bench.compare([
      ...bare,
      ...(await httpContenders(bench)),
    ]);
    const { registering, signingIn } = await countBoth(bench);
    const beside = (request: string, hash: string) =>
      Math.round(median('CPU µs', request) - median('CPU µs', hash));
    return {
      rows,
      budgets: [
        atLeast('registrations per bare hash', ratio('1/s', REGISTER, HASH), 0.9),
        atLeast('sign-ins per bare verification', ratio('1/s', SIGN_IN, VERIFY), 0.9),
        atMost('SQL statements of a sign-in', statementsPerRequest(signingIn), 3),
      ],
      notes: [
        `${workers} hash at a time; CPU beside hashing: registration ${beside(REGISTER, HASH)} µs, sign-in ${beside(SIGN_IN, VERIFY)} µs`,
        describeStatements('registration', registering),
        describeStatements('sign-in', signingIn),
      ],
    };
  },
};
