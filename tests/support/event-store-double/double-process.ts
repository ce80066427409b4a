import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type DoubleProcess = Readonly<{
  connectionString: string;
  pid: number;
  stop(): Promise<void>;
}>;

export type DoubleProcessOptions = Readonly<{
  nodes?: 1 | 3;
  batchAppend?: boolean;
  port?: number;
}>;

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

const readyLine = (line: unknown): string => {
  const ready: unknown = JSON.parse(String(line));
  if (typeof ready !== 'object' || ready === null || !('connectionString' in ready))
    throw new Error(`the double said: ${line}`);
  return String(ready.connectionString);
};

/** Starts the double in a process of its own, so that it shares no memory or CPU time with the client. */
export const startDoubleProcess = async ({
  nodes = 1,
  batchAppend = true,
  port = 0,
}: DoubleProcessOptions = {}): Promise<DoubleProcess> => {
  const options = ['--nodes', String(nodes), '--port', String(port)];
  if (!batchAppend) options.push('--no-batch-append');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const died = exited.then(([code]) => Promise.reject(new Error(`the double ended with ${code}`)));
  died.catch(() => undefined);
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), died]);
  return {
    connectionString: readyLine(line),
    pid: Number(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};
