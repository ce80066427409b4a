import path from 'node:path';
import { type Comparison, type Contender, compare } from '../measuring/rounds.ts';
import type { Cleanup } from './cleanup/cleanup.ts';
import { makeWorkFolder } from './cleanup/work-folder.ts';
import { type BenchDatabase, openBenchCluster } from './databases/bench-database.ts';
import { type BenchEventStore, openBenchEventStore } from './databases/bench-event-store.ts';
import type { Options } from './options.ts';
import {
  type BenchServer,
  type BenchServerSettings,
  startBenchServer,
} from './processes/bench-server.ts';
import { type Copy, makeCompiledCopy, makeSourceCopy } from './processes/copies.ts';
import {
  type LatchkeyServer,
  runLatchkey,
  runWorker,
  type ServerSettings,
  startLatchkey,
} from './processes/latchkey-server.ts';

/**
 * The resources that scenarios share. Each is opened on first use and closed at the end of the run.
 */
export type Bench = Readonly<{
  quick: boolean;
  rounds: number;
  progress(line: string): void;
  /** Measures contenders in interleaved rounds; `plan` replaces the usual rounds and warm-up. */
  compare(
    contenders: readonly Contender[],
    plan?: { rounds: number; warmUp: number },
  ): Promise<Comparison>;
  workFolder(): Promise<string>;
  /** The database that scenarios share. */
  database(): Promise<BenchDatabase>;
  createDatabase(name: string): Promise<BenchDatabase>;
  compiledCopy(): Promise<Copy>;
  sourceCopy(): Promise<Copy>;
  /** The shared `latchkey serve` on the shared database. */
  server(): Promise<LatchkeyServer>;
  /** Starts another `latchkey serve`. */
  startServer(database: BenchDatabase, settings?: ServerSettings): Promise<LatchkeyServer>;
  /** Runs the command line on a database. */
  runCommand(database: BenchDatabase, args: readonly string[]): Promise<void>;
  /** Runs a script of `servers/` to its end. @returns its output */
  runWorker(name: string, database: BenchDatabase, args: readonly string[]): Promise<string>;
  /** Starts another bench server, on the shared database unless `settings` names one. */
  startBenchServer(
    settings?: BenchServerSettings & Readonly<{ database?: BenchDatabase }>,
  ): Promise<BenchServer>;
  /** The event store, for logs outside the database. */
  eventStore(): Promise<BenchEventStore>;
}>;

/**
 * V8 needs some thousand requests to optimise the code; the rounds of `quick` include part of that.
 */
const FULL = { rounds: 5, seconds: 2, warmUp: 4 };
const QUICK = { rounds: 3, seconds: 0.25, warmUp: 0.5 };

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const showProgress = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
};

export const createBench = ({ quick, fromSource }: Options, cleanup: Cleanup): Bench => {
  const usual = { ...(quick ? QUICK : FULL), progress: showProgress };
  const workFolder = once(() => makeWorkFolder(cleanup));
  const cluster = once(async () => openBenchCluster(await workFolder(), cleanup));
  const createDatabase = async (name: string) => (await cluster()).createDatabase(name);
  const database = once(() => createDatabase('latchkey_bench'));
  const compiledCopy = once(async () => {
    showProgress('compiling');
    return makeCompiledCopy(await workFolder());
  });
  const sourceCopy = once(async () => makeSourceCopy(await workFolder()));
  const place = async (name: string, { connectionString }: BenchDatabase) => ({
    copy: await (fromSource ? sourceCopy() : compiledCopy()),
    connectionString,
    logFile: path.join(await workFolder(), `${name}.log`),
  });
  const startServer: Bench['startServer'] = async (on, settings) => {
    const server = await startLatchkey({ ...(await place(on.name, on)), ...settings });
    cleanup.add(server.stop);
    return server;
  };
  return {
    quick,
    rounds: usual.rounds,
    progress: showProgress,
    compare: (contenders, plan) => compare(contenders, { ...usual, ...plan }),
    workFolder,
    database,
    createDatabase,
    compiledCopy,
    sourceCopy,
    server: once(async () => startServer(await database())),
    startServer,
    runCommand: async (on, args) => runLatchkey(await place(on.name, on), args),
    runWorker: async (name, on, args) => runWorker(await place(on.name, on), name, args),
    eventStore: once(() => openBenchEventStore(cleanup)),
    startBenchServer: async ({ database: on, ...settings } = {}) => {
      const server = await startBenchServer({
        ...(await place('bench-server', on ?? (await database()))),
        ...settings,
      });
      cleanup.add(server.stop);
      return server;
    },
  };
};
