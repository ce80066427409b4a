import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Budget, type Row } from '../measuring/findings.ts';
import type { Comparison, Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import { connectHttp, type HttpConnection } from '../support/clients/http-connection.ts';
import { newAccount } from '../support/clients/latchkey-client.ts';
import {
  passwordReset,
  type Request,
  roundRobin,
  signIn,
  signUp,
  timeRequest,
  verificationMail,
  withWrongPassword,
} from '../support/clients/timed-requests.ts';
import type { BenchDatabase } from '../support/databases/bench-database.ts';
import { type Imported, importAccounts } from '../support/imported-accounts.ts';
import type { Scenario } from '../support/scenario.ts';

const ROUNDS = { full: 60, quick: 20 };
/** Every account but the locked one stays well below the ten failures that lock it. */
const REQUESTS_PER_ACCOUNT = 5;
const FAILURES_TO_LOCK = 10;
/** Time for work that follows an answer, such as a mail. */
const SETTLE_MS = 30;
const MAX_APART_PERCENT = 5;

/** Requests whose times must not differ; the first is the reference. */
type Group = Readonly<{
  what: string;
  /**
   * Factor on the rounds: requests padded by a timer vary little, those that only compute vary
   * much.
   */
  share: number;
  requests: Readonly<Record<string, () => Request>>;
}>;

type Accounts = Awaited<ReturnType<typeof makeAccounts>>;

const makeAccounts = async (
  bench: Bench,
  database: BenchDatabase,
  connection: HttpConnection,
  rounds: number,
) => {
  const count = Math.ceil((rounds + 1) / REQUESTS_PER_ACCOUNT);
  const today: Imported = { scheme: 'argon2id', count };
  const imported = await importAccounts(bench, database, {
    known: today,
    bcrypt: { scheme: 'bcrypt', count },
    pbkdf2: { scheme: 'pbkdf2', count },
    verified: today,
    locked: { ...today, count: 1 },
    deactivated: { ...today, active: false, count: 1 },
    // One account of each kind shows that the password is correct.
    fine: { ...today, count: 1 },
    fineBcrypt: { scheme: 'bcrypt', count: 1 },
    finePbkdf2: { scheme: 'pbkdf2', count: 1 },
  });
  const { locked, fine, fineBcrypt, finePbkdf2 } = imported;
  for (const account of [...fine, ...fineBcrypt, ...finePbkdf2, ...locked]) {
    await timeRequest(connection, signIn(account, 201));
  }
  for (const account of locked) {
    for (let i = 0; i < FAILURES_TO_LOCK; i += 1) {
      await timeRequest(connection, signIn(withWrongPassword(account)));
    }
  }
  const pending = Array.from({ length: count }, newAccount);
  for (const account of pending) await timeRequest(connection, signUp(account));
  return { ...imported, pending };
};

const groupsFor = (accounts: Accounts): readonly Group[] => {
  const known = roundRobin(accounts.known);
  const bcrypt = roundRobin(accounts.bcrypt);
  const pbkdf2 = roundRobin(accounts.pbkdf2);
  const verified = roundRobin(accounts.verified);
  const pending = roundRobin(accounts.pending);
  const locked = roundRobin(accounts.locked);
  const deactivated = roundRobin(accounts.deactivated);
  return [
    {
      what: 'sign-in',
      share: 1,
      requests: {
        'unknown address': () => signIn(newAccount()),
        'wrong password': () => signIn(withWrongPassword(known())),
        'locked account': () => signIn(locked()),
        'pending account': () => signIn(pending()),
        'deactivated account': () => signIn(deactivated()),
        'wrong password, bcrypt': () => signIn(withWrongPassword(bcrypt())),
        'wrong password, PBKDF2': () => signIn(withWrongPassword(pbkdf2())),
      },
    },
    {
      what: 'password reset',
      share: 0.25,
      requests: {
        'unknown address': () => passwordReset(newAccount()),
        'known address': () => passwordReset(verified()),
      },
    },
    {
      what: 'verification mail',
      share: 0.25,
      requests: {
        'unknown address': () => verificationMail(newAccount()),
        'verified address': () => verificationMail(verified()),
        'pending address': () => verificationMail(pending()),
      },
    },
    {
      what: 'sign-up',
      share: 3,
      requests: {
        'free address': () => signUp(newAccount()),
        'taken address': () => signUp({ ...newAccount(), email: verified().email }),
      },
    },
  ];
};

const again = (name: string): string => `${name}, again`;

const labelOf = ({ what }: Group, name: string): string => `${what}: ${name}`;

const referenceOf = ({ requests }: Group): string => Object.keys(requests)[0] ?? '';

/** Each kind of request, and the first kind again as a control. */
const withControl = (group: Group): readonly (readonly [string, () => Request])[] => {
  const all = Object.entries(group.requests);
  return [...all, ...all.slice(0, 1).map(([name, next]) => [again(name), next] as const)];
};

const contendersOf = (group: Group, connection: HttpConnection): readonly Contender[] =>
  withControl(group).map(([name, next]) => ({
    label: labelOf(group, name),
    measure: async () => {
      await sleep(SETTLE_MS);
      return { ms: await timeRequest(connection, next()) };
    },
  }));

/** Builds the rows of one group, and budgets for their distance from the first. */
const compareWithReference = (group: Group, { ratio, percentile }: Comparison) => {
  const reference = referenceOf(group);
  const to = labelOf(group, reference);
  const rows: Row[] = withControl(group).map(([name]) => {
    const label = labelOf(group, name);
    const figures = {
      'p50 ms': percentile('ms', label, 0.5),
      'p95 ms': percentile('ms', label, 0.95),
      ...(name !== reference && { ratio: ratio('ms', label, to) }),
    };
    return { label, figures };
  });
  const others = Object.keys(group.requests).slice(1);
  const budgets = others.map((name): Budget => {
    const label = labelOf(group, name);
    const apart = Math.abs(ratio('ms', label, to) - 1) * 100;
    return atMost(`${label}, apart from ${reference}`, apart, MAX_APART_PERCENT, '%');
  });
  return { rows, budgets };
};

export const refusalsScenario: Scenario = {
  name: 'refusals',
  title: 'Answers that must not reveal whether an account exists',
  meaning: [
    'One client. A round sends one request of each row; p50 and p95 are over the rounds. A ratio compares',
    'with the first row of its kind; the last row repeats the first, so that its ratio is the noise.',
    'Requests for locked, pending and deactivated accounts have the correct password. bcrypt (cost 4) and',
    'PBKDF2 (1,000 iterations) are imported hashes that take almost no time to compute.',
  ],
  run: async (bench) => {
    const database = await bench.createDatabase('latchkey_refusals');
    const server = await bench.startServer(database, { registration: 'verify-first' });
    const connection = await connectHttp(server.port);
    const rounds = ROUNDS[bench.quick ? 'quick' : 'full'];
    bench.progress('importing accounts');
    const groups = groupsFor(await makeAccounts(bench, database, connection, rounds));
    const compared: ReturnType<typeof compareWithReference>[] = [];
    for (const group of groups) {
      const plan = { rounds: rounds * group.share, warmUp: 1 };
      compared.push(
        compareWithReference(group, await bench.compare(contendersOf(group, connection), plan)),
      );
    }
    connection.close();
    await server.stop();
    return {
      rows: compared.flatMap(({ rows }) => rows),
      budgets: compared.flatMap(({ budgets }) => budgets),
      notes: [`rounds: ${groups.map(({ what, share }) => `${what} ${rounds * share}`).join(', ')}`],
    };
  },
};
