import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../support/bench.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { connectHttp, type HttpConnection, httpRequest } from '../support/http-connection.ts';
import { type Imported, importAccounts } from '../support/imported-accounts.ts';
import { type Account, newAccount } from '../support/latchkey-client.ts';
import type { Comparison, Contender } from '../support/rounds.ts';
import { atMost, type Budget, type Row, type Scenario } from '../support/scenario.ts';

const ROUNDS = { full: 60, quick: 12 };
/** Every account but the locked one stays well below the ten failures that lock it. */
const REQUESTS_PER_ACCOUNT = 5;
const FAILURES_TO_LOCK = 10;
/** For what a request leaves to do after its answer, such as a mail. */
const SETTLE_MS = 30;
const MAX_APART_PERCENT = 5;

type Request = Readonly<{ path: string; body: object; status: number }>;

/** What must not differ: the first is what the others are held against. */
type Group = Readonly<{ what: string; requests: Readonly<Record<string, () => Request>> }>;

const signIn = ({ email, password }: Account, status = 401): Request => ({
  path: '/v1/sessions',
  body: { identifier: email, password },
  status,
});

const signUp = (account: Account): Request => ({
  path: '/v1/users',
  body: { ...account, displayName: 'Bench' },
  status: 202,
});

const reset = ({ email }: Account): Request => ({
  path: '/v1/password-resets',
  body: { email },
  status: 202,
});

const verification = ({ email }: Account): Request => ({
  path: '/v1/email-verifications',
  body: { email },
  status: 202,
});

const withWrongPassword = (account: Account): Account => ({
  ...account,
  password: 'a mule on an escalator',
});

const inTurn = (accounts: readonly Account[]): (() => Account) => {
  let next = 0;
  return () => {
    const account = accounts[next % accounts.length];
    if (account === undefined) throw new RangeError('no account');
    next += 1;
    return account;
  };
};

/** @returns milliseconds */
const ask = async (connection: HttpConnection, request: Request): Promise<number> => {
  const { path, body, status: expected } = request;
  const text = httpRequest('POST', path, { body });
  const began = performance.now();
  const answer = await connection.send(text);
  const ms = performance.now() - began;
  if (answer.status !== expected) {
    throw new Error(`${path}: ${answer.status} instead of ${expected}: ${answer.body}`);
  }
  return ms;
};

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
    proven: today,
    locked: { ...today, count: 1 },
    deactivated: { ...today, active: false, count: 1 },
    // One of each shows that the password would have been right.
    fine: { ...today, count: 1 },
    fineBcrypt: { scheme: 'bcrypt', count: 1 },
    finePbkdf2: { scheme: 'pbkdf2', count: 1 },
  });
  const { locked, fine, fineBcrypt, finePbkdf2 } = imported;
  for (const account of [...fine, ...fineBcrypt, ...finePbkdf2, ...locked]) {
    await ask(connection, signIn(account, 201));
  }
  for (const account of locked) {
    for (let i = 0; i < FAILURES_TO_LOCK; i += 1) {
      await ask(connection, signIn(withWrongPassword(account)));
    }
  }
  const pending = Array.from({ length: count }, newAccount);
  for (const account of pending) await ask(connection, signUp(account));
  return { ...imported, pending };
};

const groupsFor = (accounts: Accounts): readonly Group[] => {
  const known = inTurn(accounts.known);
  const bcrypt = inTurn(accounts.bcrypt);
  const pbkdf2 = inTurn(accounts.pbkdf2);
  const proven = inTurn(accounts.proven);
  const pending = inTurn(accounts.pending);
  const locked = inTurn(accounts.locked);
  const deactivated = inTurn(accounts.deactivated);
  return [
    {
      what: 'sign-in',
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
      requests: {
        'unknown address': () => reset(newAccount()),
        'known address': () => reset(proven()),
      },
    },
    {
      what: 'verification mail',
      requests: {
        'unknown address': () => verification(newAccount()),
        'proven address': () => verification(proven()),
        'pending address': () => verification(pending()),
      },
    },
    {
      what: 'sign-up',
      requests: {
        'free address': () => signUp(newAccount()),
        'taken address': () => signUp({ ...newAccount(), email: proven().email }),
      },
    },
  ];
};

const labelOf = ({ what }: Group, name: string): string => `${what}: ${name}`;

const contendersOf = (groups: readonly Group[], connection: HttpConnection): readonly Contender[] =>
  groups.flatMap((group) =>
    Object.entries(group.requests).map(([name, next]) => ({
      label: labelOf(group, name),
      measure: async () => {
        await sleep(SETTLE_MS);
        return { ms: await ask(connection, next()) };
      },
    })),
  );

/** The rows of one group, and how far each is from the first. */
const judge = (group: Group, { ratio, percentile }: Comparison) => {
  const [reference = '', ...others] = Object.keys(group.requests);
  const to = labelOf(group, reference);
  const figuresOf = (label: string) => ({
    'p50 ms': percentile('ms', label, 0.5),
    'p95 ms': percentile('ms', label, 0.95),
  });
  const rows: Row[] = [{ label: to, figures: figuresOf(to) }];
  const budgets: Budget[] = [];
  for (const name of others) {
    const label = labelOf(group, name);
    const times = ratio('ms', label, to);
    rows.push({ label, figures: { ...figuresOf(label), ratio: times } });
    const apart = Math.abs(times - 1) * 100;
    budgets.push(atMost(`${label}, apart from ${reference}`, apart, MAX_APART_PERCENT, '%'));
  }
  return { rows, budgets };
};

export const refusalsScenario: Scenario = {
  name: 'refusals',
  title: 'Answers that must not tell whether there is an account',
  meaning: [
    'One client. A round is one request of each row, so that p50 and p95 are over the rounds. A ratio is',
    'to the first row of its kind. Locked, pending and deactivated accounts are shown their right password.',
    'bcrypt (cost 4) and PBKDF2 (1,000 iterations) are imported hashes that take next to no time.',
  ],
  run: async (bench) => {
    const database = await bench.createDatabase('latchkey_refusals');
    const server = await bench.startServer(database, { registration: 'verify-first' });
    const connection = await connectHttp(server.port);
    const rounds = ROUNDS[bench.quick ? 'quick' : 'full'];
    bench.progress('importing accounts');
    const groups = groupsFor(await makeAccounts(bench, database, connection, rounds));
    const comparison = await bench.compare(contendersOf(groups, connection), { rounds, warmUp: 1 });
    connection.close();
    await server.stop();
    const judged = groups.map((group) => judge(group, comparison));
    return {
      rows: judged.flatMap(({ rows }) => rows),
      budgets: judged.flatMap(({ budgets }) => budgets),
    };
  },
};
