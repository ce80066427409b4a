import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EventLogSettings } from '../databases/bench-event-store.ts';
import { type Copy, REPOSITORY } from './copies.ts';
import { findFreePort } from './free-port.ts';
import {
  inheritedEnvironment,
  type MeasuredProcess,
  startMeasuredProcess,
} from './measured-process.ts';

export type LatchkeyServer = MeasuredProcess & Readonly<{ port: number }>;

/** The code to run, and the database to run it on. */
export type LaunchTarget = Readonly<{ copy: Copy; connectionString: string; logFile: string }>;

/** Settings that a scenario may change from those of `serverEnvironment`. */
export type ServerSettings = Readonly<{
  registration?: 'verify-first' | 'open';
  /** The location of the log; the database by default. */
  eventLog?: EventLogSettings;
}>;

/** Shared by all processes of the run, so that each can decrypt the others' data. */
const masterKey = randomBytes(32).toString('base64');

/** The environment of every process of a run. Rate limits are off: they are meant for clients. */
export const serverEnvironment = (connectionString: string, port: number) => ({
  LATCHKEY_ENV: 'development',
  LATCHKEY_MASTER_KEY: masterKey,
  LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:4000',
  LATCHKEY_REGISTRATION: 'open',
  LATCHKEY_RATE_LIMITS: 'off',
  LATCHKEY_SEED_DEMO: 'off',
  DATABASE_URL: connectionString,
  HOST: '127.0.0.1',
  PORT: String(port),
});

/** Reads the options that `npm start` passes to Node. */
export const startOptions = (): readonly string[] => {
  const manifest = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));
};

/** Starts `latchkey serve` as `npm start` does. */
export const startLatchkey = async (
  place: LaunchTarget & ServerSettings,
): Promise<LatchkeyServer> => {
  const { copy, connectionString, logFile, registration, eventLog } = place;
  const port = await findFreePort();
  const server = await startMeasuredProcess({
    command: [...startOptions(), path.join(copy.home, 'bin/latchkey.js'), 'serve'],
    environment: {
      ...serverEnvironment(connectionString, port),
      ...(registration !== undefined && { LATCHKEY_REGISTRATION: registration }),
      ...eventLog,
    },
    logFile,
    port,
  });
  return { ...server, port };
};

/**
 * Runs `latchkey <args>` on the same database, as an operator would.
 * @throws Error when it fails
 */
export const runLatchkey = async (
  { copy, connectionString }: Pick<LaunchTarget, 'copy' | 'connectionString'>,
  args: readonly string[],
): Promise<void> => {
  const env = { ...inheritedEnvironment(), ...serverEnvironment(connectionString, 0) };
  const command = path.join(copy.home, 'bin/latchkey.js');
  await promisify(execFile)(process.execPath, [command, ...args], { env });
};

/**
 * Runs a script of `bench/servers` on a database.
 * @returns its output
 * @throws Error when it fails
 */
export const runWorker = async (
  { copy, connectionString }: Pick<LaunchTarget, 'copy' | 'connectionString'>,
  name: string,
  args: readonly string[],
): Promise<string> => {
  const env = { ...inheritedEnvironment(), ...serverEnvironment(connectionString, 0) };
  const command = copy.benchServer.map((part) => part.replace('bench-server', name));
  const { stdout } = await promisify(execFile)(process.execPath, [...command, ...args], { env });
  return stdout;
};
