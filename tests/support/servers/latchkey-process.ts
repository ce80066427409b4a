import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { rememberServed } from './served-databases.ts';
import { eventStoreSettings } from './test-event-store.ts';

const BIN = fileURLToPath(new URL('../../../bin/latchkey.js', import.meta.url));
const START_MS = 30_000;

export type Environment = Readonly<Record<string, string>>;

export type ServerProcess = Readonly<{
  url: string;
  pid: number;
  /** Standard output and standard error so far. */
  output: () => string;
  /** @returns the exit code; null after a signal */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}>;

export type Finished = Readonly<{ code: number | null; stdout: string; stderr: string }>;

export const newMasterKey = (): string => randomBytes(32).toString('base64');

/** Only the variables that a program needs to run. */
export const processEnvironment = async (environment: Environment): Promise<NodeJS.ProcessEnv> => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TMPDIR: process.env.TMPDIR,
  LATCHKEY_SEED_DEMO: 'off',
  // Registration signs in at once; specs of their own cover the default.
  LATCHKEY_REGISTRATION: 'open',
  ...(await eventStoreSettings(environment)),
  ...environment,
});

export const freePort = async (): Promise<number> => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
};

const collect = (child: ChildProcess) => {
  const collected = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    collected.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    collected.stderr += text;
  });
  return collected;
};

/** Starts `latchkey serve` in a process and waits until it accepts requests. */
export const startServerProcess = async (environment: Environment): Promise<ServerProcess> => {
  rememberServed(environment);
  const port = Number(environment.PORT ?? (await freePort()));
  const child = spawn(process.execPath, [BIN, 'serve'], {
    env: await processEnvironment({ ...environment, PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const collected = collect(child);
  const exited = once(child, 'exit');
  const output = () => collected.stdout + collected.stderr;
  const url = `http://127.0.0.1:${port}`;
  const listening = vi.waitFor(
    () => {
      if (!collected.stdout.includes(`listening on ${url}`)) throw new Error(output());
    },
    { timeout: START_MS, interval: 20 },
  );
  const ended = exited.then(() => {
    throw new Error(`it ended: ${output()}`);
  });
  ended.catch(() => undefined);
  try {
    await Promise.race([listening, ended]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
};

/** Runs one command line in a process until it exits. */
export const runLatchkey = async (
  args: readonly string[],
  environment: Environment,
  input = '',
): Promise<Finished> => {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: await processEnvironment(environment),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const collected = collect(child);
  child.stdin?.end(input);
  await once(child, 'close');
  return { code: child.exitCode, ...collected };
};
