import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type PidFile,
  readPidFile,
} from '../../src/adapters/managed-postgres/managed-postgres-pid-file.ts';
import { atMost, type Figures } from '../measuring/findings.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import { postgresBytes } from '../support/databases/postgres-memory.ts';
import { findFreePort } from '../support/processes/free-port.ts';
import { startOptions } from '../support/processes/latchkey-server.ts';
import { startMeasuredProcess } from '../support/processes/measured-process.ts';
import type { Scenario } from '../support/scenario.ts';

/** Time for work that follows a start. */
const SETTLE_MS = 1_000;
const MEBIBYTE = 2 ** 20;
const COMPILED = 'compiled';
const SOURCES = 'from the sources';
type Code = typeof COMPILED | typeof SOURCES;

const first = (code: Code) => `${code}: first start, no data yet`;
const again = (code: Code) => `${code}: later start`;

const pidFileIn = async (dataDir: string): Promise<PidFile | undefined> => {
  const cluster = (await readdir(dataDir)).find((name) => /^postgres-\d+$/.test(name));
  return cluster === undefined ? undefined : readPidFile(path.join(dataDir, cluster));
};

/** Starts `latchkey serve` with a data folder only, lets it idle, and stops it. */
const startOnce = async (bench: Bench, home: string, dataDir: string): Promise<Figures> => {
  const port = await findFreePort();
  const server = await startMeasuredProcess({
    command: [...startOptions(), path.join(home, 'bin/latchkey.js'), 'serve'],
    environment: { LATCHKEY_DATA_DIR: dataDir, PORT: String(port) },
    logFile: path.join(await bench.workFolder(), 'start.log'),
    port,
  });
  const database = await pidFileIn(dataDir);
  try {
    await sleep(SETTLE_MS);
    return {
      'ready ms': server.startMs,
      'RSS MB': (await server.residentBytes()) / MEBIBYTE,
      'PostgreSQL MB': postgresBytes(database?.pid ?? 0) / MEBIBYTE,
    };
  } finally {
    await server.stop();
    if (database) await rm(database.socketDir, { recursive: true, force: true });
  }
};

const contendersFor = async (bench: Bench, code: Code, home: string): Promise<Contender[]> => {
  const dataDir = path.join(await bench.workFolder(), `start-${path.basename(home)}`);
  return [
    {
      label: first(code),
      measure: async () => {
        await rm(dataDir, { recursive: true, force: true });
        await mkdir(dataDir, { mode: 0o755 });
        return startOnce(bench, home, dataDir);
      },
    },
    { label: again(code), measure: () => startOnce(bench, home, dataDir) },
  ];
};

export const startScenario: Scenario = {
  name: 'start',
  title: 'Start and idle memory',
  meaning: [
    'Time from the start of the process, with an embedded PostgreSQL, to its first ready answer. The',
    'first start creates the database, its tables, keys and the demo account. RSS is the resident',
    'memory of the Node process when idle. PostgreSQL: all its processes, shared pages once (Linux).',
  ],
  run: async (bench) => {
    const codes: readonly Code[] = bench.quick ? [COMPILED] : [COMPILED, SOURCES];
    const copies = { [COMPILED]: bench.compiledCopy, [SOURCES]: bench.sourceCopy };
    const contenders: Contender[] = [];
    for (const code of codes) {
      contenders.push(...(await contendersFor(bench, code, (await copies[code]()).home)));
    }
    const rounds = bench.quick ? 1 : bench.rounds;
    const { rows, median } = await bench.compare(contenders, { rounds, warmUp: 0 });
    return {
      rows,
      budgets: codes.flatMap((code) => [
        atMost(`${code}: later start`, median('ready ms', again(code)), 1_500, 'ms'),
        atMost(`${code}: idle memory`, median('RSS MB', again(code)), 110, 'MB'),
      ]),
    };
  },
};
