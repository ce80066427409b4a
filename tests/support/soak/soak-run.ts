import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase } from '../../../src/adapters/postgres/connection.ts';
import { startDoubleProcess } from '../event-store-double/double-process.ts';
import { newMasterKey, runLatchkey } from '../latchkey-process.ts';
import { createTestDatabase } from '../test-database.ts';
import { createDeeds } from './soak-deeds.ts';
import { createLedger, type Ledger } from './soak-ledger.ts';
import { createPeople, type Member } from './soak-people.ts';
import { createRequests, type Manners } from './soak-requests.ts';
import { type SoakServers, startSoakServers } from './soak-servers.ts';
import { accountFaults, faultsInLog } from './soak-verdict.ts';
import { startWeather } from './soak-weather.ts';

/** Milliseconds that no request takes longer than. */
export const BOUND_MS = 15_000;

const PEOPLE = 12;
/** Sixty have to be ready again within so many milliseconds after the last fault. */
const READY_WITHIN_MS = 10_000;
const BETWEEN_KILLS_MS = 4_000;

export type SoakReport = Readonly<{
  manners: Manners;
  events: number;
  wrong: readonly string[];
  readyAfterMs: number;
  weather: Readonly<Record<string, number>>;
  suffered: object;
  kills: number;
  verify: Readonly<{ code: number | null; stdout: string }>;
  exits: readonly (number | null)[];
  output: string;
}>;

type Plan = Readonly<{ seconds: number; kill: boolean }>;

const isReady = async ({ clients }: SoakServers): Promise<boolean> => {
  const answers = await Promise.all(
    clients.map((client) => client.call('GET', '/health/ready').catch(() => undefined)),
  );
  return answers.every((answer) => answer?.status === 200);
};

const untilReady = async (servers: SoakServers): Promise<number> => {
  const began = performance.now();
  while (performance.now() - began < READY_WITHIN_MS && !(await isReady(servers))) await pause(50);
  return Math.round(performance.now() - began);
};

const killNowAndThen = async (servers: SoakServers, isOver: () => boolean): Promise<number> => {
  let kills = 0;
  for (;;) {
    await pause(Math.random() * BETWEEN_KILLS_MS);
    if (isOver()) return kills;
    await servers.kill(kills % 2);
    kills += 1;
  }
};

/** Every name that was acknowledged is still the name, and what is over is refused by both servers. */
const wrongAnswers = async ({ clients }: SoakServers, ledger: Ledger): Promise<string[]> => {
  const wrong: string[] = [];
  for (const { id, ended, accessToken, refreshTokens } of ledger.sessions.values()) {
    if (ended === undefined) continue;
    for (const client of clients) {
      const me = await client.me(accessToken);
      const again = await client.refresh(refreshTokens.at(-1) ?? '');
      if (me.status !== 401 || again.status !== 401) {
        wrong.push(`${id} is over (${ended}), answered ${me.status} and ${again.status}`);
      }
    }
  }
  return wrong;
};

/** The last token of each session that is not over still works, and so do the names. */
const lostThings = async (
  servers: SoakServers,
  people: ReturnType<typeof createPeople>,
  members: readonly Member[],
): Promise<string[]> => {
  const lost: string[] = [];
  for (const member of members) {
    await people.refresh(member);
    await people.refresh(member);
    for (const [id, name] of member.person.households) {
      const token = member.session.accessToken;
      const answer = await servers.clients[0]?.call('GET', `/v1/households/${id}`, { token });
      const found = (answer?.json as { name?: string } | undefined)?.name;
      if (found !== name) lost.push(`household ${id} is called ${found} instead of ${name}`);
    }
  }
  return lost;
};

/** People live on two servers while the store misbehaves; then it clears up, and everything is held against the ledger. */
export const soak = async ({ seconds, kill }: Plan): Promise<SoakReport> => {
  const double = await startDoubleProcess({ nodes: 3 });
  const testDatabase = await createTestDatabase();
  const database = createDatabase({ connectionString: testDatabase.connectionString });
  const environment = {
    DATABASE_URL: testDatabase.connectionString,
    EVENTSTOREDB_URL: double.connectionString,
    LATCHKEY_MASTER_KEY: newMasterKey(),
    LATCHKEY_PUBLIC_URL: 'http://auth.example.test',
    LATCHKEY_LOG_LEVEL: 'error',
    LATCHKEY_RATE_LIMITS: 'off',
    LATCHKEY_REFRESH_GRACE_SECONDS: '120',
  };
  const servers = await startSoakServers(environment);
  try {
    const requests = createRequests({
      clients: () => servers.clients,
      boundMs: BOUND_MS,
      mayBreak: kill,
    });
    const ledger = createLedger();
    const run = randomBytes(3).toString('hex');
    const people = createPeople({ requests, ledger, run });
    const deeds = createDeeds({ requests, ledger, people, database });
    const end = performance.now() + seconds * 1_000;
    const isOver = () => performance.now() > end;

    const weather = startWeather(double);
    const killing = kill ? killNowAndThen(servers, isOver) : Promise.resolve(0);
    const lives = Array.from({ length: PEOPLE }, async (_, number) => {
      const member = await people.signUp(number);
      await deeds.live(member, isOver);
      return member;
    });
    const livesOver = Promise.all(lives);
    livesOver.catch(() => undefined);
    while (!isOver()) await pause(50);
    await weather.clearUp();
    const kills = await killing;
    const readyAfterMs = await untilReady(servers);
    const members = await livesOver;

    const wrong = [
      ...(await wrongAnswers(servers, ledger)),
      ...(await lostThings(servers, people, members)),
    ];
    const { code, stdout } = await runLatchkey(['projections', 'verify'], environment);
    const records = await double.ask('events');
    const inLog = faultsInLog(records, ledger);
    wrong.push(...inLog.wrong, ...(await accountFaults(database, records)));
    const suffered = await double.ask('suffered');
    const exits = await servers.stop();
    return {
      manners: requests.manners,
      events: inLog.events,
      wrong,
      readyAfterMs,
      weather: weather.seen(),
      suffered,
      kills,
      verify: { code, stdout },
      exits,
      output: servers.output(),
    };
  } finally {
    await servers.stop();
    await database.close();
    await testDatabase.drop();
    await double.stop();
  }
};
