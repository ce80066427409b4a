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

/** What scenarios share. Everything is opened when it is first needed, and closed with the run. */
export type Bench = Readonly<{
  quick: boolean;
  rounds: number;
  progress(line: string): void;
  /** Measures contenders in interleaved rounds, as usual if not told otherwise. */
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
  /** `latchkey serve` on the shared database, shared as well. */
  server(): Promise<LatchkeyServer>;
  /** Another one. */
  startServer(database: BenchDatabase, settings?: ServerSettings): Promise<LatchkeyServer>;
  /** The command line, on a database that a server has been started on. */
  runCommand(database: BenchDatabase, args: readonly string[]): Promise<void>;
  /** A script of `servers/`, from start to end. @returns what it printed */
  runWorker(name: string, database: BenchDatabase, args: readonly string[]): Promise<string>;
  /** A bench server, another one each time; on the shared database unless told. */
  startBenchServer(
    settings?: BenchServerSettings & Readonly<{ database?: BenchDatabase }>,
  ): Promise<BenchServer>;
  /** For logs that do not live in the database. */
  eventStore(): Promise<BenchEventStore>;
}>;

/** V8 takes some thousand requests to compile what it runs from then on: `quick` sees part of that. */
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
