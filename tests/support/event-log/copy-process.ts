import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LogLocation } from '../../../src/application/event-log/log-copy.ts';
import { type Environment, processEnvironment } from '../servers/latchkey-process.ts';

const BIN = fileURLToPath(new URL('../../../bin/latchkey.js', import.meta.url));

/** Starts `latchkey events copy` in a separate process. */
export const startCopy = async (to: LogLocation, environment: Environment) => {
  const from = to === 'postgres' ? 'eventstoredb' : 'postgres';
  const child = spawn(
    process.execPath,
    [BIN, 'events', 'copy', '--from', from, '--to', to, '--json'],
    { env: await processEnvironment(environment), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return { child, finished };
};
