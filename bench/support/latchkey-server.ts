import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Copy, REPOSITORY } from './copies.ts';
import { findFreePort } from './free-port.ts';
import { type MeasuredProcess, startMeasuredProcess } from './measured-process.ts';

export type LatchkeyServer = MeasuredProcess & Readonly<{ port: number }>;

/** What to run, and on which database. */
export type Place = Readonly<{ copy: Copy; connectionString: string; logFile: string }>;

/** One for the run, so that every process reads what another has encrypted. */
const masterKey = randomBytes(32).toString('base64');

/** What every process of a run is told. Its limits are made for clients, not for load generators. */
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

/** The options that `npm start` gives to node. */
export const startOptions = (): readonly string[] => {
  const manifest = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));
};

/** `latchkey serve`, as `npm start` would run it. */
export const startLatchkey = async (place: Place): Promise<LatchkeyServer> => {
  const { copy, connectionString, logFile } = place;
  const port = await findFreePort();
  const server = await startMeasuredProcess({
    command: [...startOptions(), path.join(copy.home, 'bin/latchkey.js'), 'serve'],
    environment: serverEnvironment(connectionString, port),
    logFile,
    port,
  });
  return { ...server, port };
};
