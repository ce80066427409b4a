import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Watched } from '../../measuring/load.ts';
import { connectHttp, httpRequest } from '../clients/http-connection.ts';

type Options = Readonly<{
  /** Node's own arguments first. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Receives the output of the process. */
  logFile: string;
  /** The process is ready once `GET /health/ready` answers 200 on this port. */
  port: number;
}>;

/** A running process whose use of processor and memory can be read. */
export type MeasuredProcess = Watched &
  Readonly<{
    pid: number;
    /** Milliseconds from its start to its first ready answer. */
    startMs: number;
    residentBytes(): Promise<number>;
    stop(): Promise<void>;
  }>;

type Usage = Readonly<{ cpuMicros: number; residentBytes: number }>;

const PROBE = new URL('./usage-probe.js', import.meta.url).href;
const READY_WITHIN_MS = 60_000;
const KILL_AFTER_MS = 15_000;
const POLL_MS = 5;
/** Characters of the log that the error quotes when the process does not start. */
const LOG_TAIL_CHARACTERS = 2_000;
/** Variables that every program needs; others of the shell must not affect the process. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

export const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const isReady = async (port: number): Promise<boolean> => {
  try {
    const connection = await connectHttp(port);
    const { status } = await connection.send(httpRequest('GET', '/health/ready'));
    connection.close();
    return status === 200;
  } catch {
    return false;
  }
};

/** Starts a Node process with the usage probe in it, and waits until it is ready. */
export const startMeasuredProcess = async (options: Options): Promise<MeasuredProcess> => {
  const { command, environment, logFile, port } = options;
  const log = openSync(logFile, 'a');
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', PROBE, ...command], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = once(child, 'exit');

  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await exited;
    clearTimeout(killer);
  };

  const usage = async (): Promise<Usage> => {
    const answer = once(child, 'message') as Promise<[Usage]>;
    child.send('usage');
    const died = exited.then(() => {
      throw new Error(`${command.join(' ')} died, see ${logFile}`);
    });
    const [message] = await Promise.race([answer, died]);
    return message;
  };

  while (!(await isReady(port))) {
    const late = performance.now() - began > READY_WITHIN_MS;
    if (late || child.exitCode !== null || child.pid === undefined) {
      await stop();
      throw new Error(
        `${command.join(' ')} did not start:\n${readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARACTERS)}`,
      );
    }
    await sleep(POLL_MS);
  }
  return {
    pid: child.pid ?? 0,
    startMs: performance.now() - began,
    cpuMicros: async () => (await usage()).cpuMicros,
    residentBytes: async () => (await usage()).residentBytes,
    stop,
  };
};
