import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';
import { type DoubleProcess, startDoubleProcess } from '../event-store-double/double-process.ts';
import { newMasterKey, runLatchkey } from '../servers/latchkey-process.ts';
import { createTestDatabase } from '../servers/test-database.ts';
import { createSoakActions } from './soak-actions.ts';
import { injectFaults } from './soak-faults.ts';
import { untilReady, wrongAnswers } from './soak-follow-up.ts';
import { createLedger, type Ledger } from './soak-ledger.ts';
import { createPeople } from './soak-people.ts';
import { createRequests, type Observations } from './soak-requests.ts';
import { type SoakServers, startSoakServers } from './soak-servers.ts';
import { accountFaults, faultsInLog } from './soak-verdict.ts';

const PEOPLE = 12;
const BETWEEN_KILLS_MS = 4_000;

export type Plan = Readonly<{ seconds: number; kill: boolean }>;

/** The course of a run. */
type Course = Readonly<{
  observations: Observations;
  faults: Readonly<Record<string, number>>;
  kills: number;
  /** Null where it never was. */
  readyAfterMs: number | null;
}>;

export type SoakReport = Course &
  Readonly<{
    /** Events of the log without those of aborted transactions. */
    events: number;
    /** Descriptions of all differences from what was acknowledged. */
    wrong: readonly string[];
    suffered: Readonly<Record<string, number>>;
    verify: Readonly<{ code: number | null; stdout: string }>;
    exits: readonly (number | null)[];
    output: string;
  }>;

type Stage = Readonly<{
  double: DoubleProcess;
  database: Database;
  environment: Readonly<Record<string, string>>;
  servers: SoakServers;
  close(): Promise<void>;
}>;

const openStage = async (): Promise<Stage> => {
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
    // A client may have to repeat a request for long.
    LATCHKEY_REFRESH_GRACE_SECONDS: '120',
  };
  const close = async () => {
    await database.close();
    await testDatabase.drop();
    await double.stop();
  };
  try {
    const servers = await startSoakServers(environment);
    return { double, database, environment, servers, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const killRepeatedly = async (servers: SoakServers, isOver: () => boolean): Promise<number> => {
  for (let kills = 0; ; kills += 1) {
    await pause(Math.random() * BETWEEN_KILLS_MS);
    if (isOver()) return kills;
    await servers.kill(kills % 2);
  }
};

const run = async (
  { double, database, servers }: Stage,
  { seconds, kill }: Plan,
  ledger: Ledger,
): Promise<Course> => {
  const { clients } = servers;
  const requests = createRequests({ clients, mayBreak: kill });
  const people = createPeople({ requests, ledger, run: randomBytes(3).toString('hex') });
  const actions = createSoakActions({ requests, ledger, people, database });
  const end = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() > end;
  const faults = injectFaults(double);
  const killing = kill ? killRepeatedly(servers, isOver) : Promise.resolve(0);
  killing.catch(() => undefined);
  const lives = Array.from({ length: PEOPLE }, async (_, number) =>
    actions.live(await people.signUp(number), isOver),
  );
  for (const life of lives) life.catch(() => undefined);
  await pause(seconds * 1_000);
  await faults.stop();
  const [kills, readyAfterMs] = await Promise.all([
    killing,
    killing.then(() => untilReady(clients)),
    ...lives,
  ]);
  return { observations: requests.observations, faults: faults.seen(), kills, readyAfterMs };
};

/** Compares answers, log and tables with the ledger. */
const examine = async (
  { double, database, environment, servers }: Stage,
  ledger: Ledger,
): Promise<Omit<SoakReport, keyof Course>> => {
  const answered = await wrongAnswers(servers.clients, ledger);
  const { code, stdout } = await runLatchkey(['projections', 'verify'], environment);
  const records = await double.call('events');
  const { events, wrong } = faultsInLog(records, ledger);
  const accounts = await accountFaults(database, records);
  return {
    events,
    wrong: [...answered, ...wrong, ...accounts],
    suffered: await double.call('injectedFaults'),
    verify: { code, stdout },
    exits: await servers.stop(),
    output: servers.output(),
  };
};

/** Uses two servers while faults of the store are injected; compares the result with the ledger. */
export const soak = async (plan: Plan): Promise<SoakReport> => {
  const stage = await openStage();
  const ledger = createLedger();
  try {
    const course = await run(stage, plan, ledger);
    return { ...course, ...(await examine(stage, ledger)) };
  } catch (cause) {
    throw new Error(`${cause}; the servers said: ${stage.servers.output()}`, { cause });
  } finally {
    await stage.servers.stop();
    await stage.close();
  }
};
