import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CallDouble, OperationReply, OperationRequest } from './double-operations.ts';

export type DoubleProcess = Readonly<{
  connectionString: string;
  pid: number;
  /** Injects faults and reads the log and the counters. */
  call: CallDouble;
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
    throw new Error(`the double printed: ${line}`);
  return String(ready.connectionString);
};

const createCallDouble = (child: ChildProcess, exitedEarly: Promise<never>): CallDouble => {
  const waiting = new Map<number, (reply: OperationReply) => void>();
  let questions = 0;
  child.on('message', (reply: OperationReply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const ask = async (name: string, ...values: readonly unknown[]): Promise<unknown> => {
    questions += 1;
    const question: OperationRequest = { id: questions, name, values };
    const replied = new Promise<OperationReply>((resolve) => waiting.set(question.id, resolve));
    child.send(question);
    const { result, failure } = await Promise.race([replied, exitedEarly]);
    if (failure !== undefined) throw new Error(failure);
    return result;
  };
  return ask as CallDouble;
};

/**
 * Starts the double in a separate process, which shares neither memory nor CPU time with the
 * client.
 */
export const startDoubleProcess = async ({
  nodes = 1,
  batchAppend = true,
  port = 0,
}: DoubleProcessOptions = {}): Promise<DoubleProcess> => {
  const options = ['--nodes', String(nodes), '--port', String(port)];
  if (!batchAppend) options.push('--no-batch-append');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // JSON cannot represent positions exactly.
    serialization: 'advanced',
  });
  const exited = once(child, 'exit');
  const died = exited.then(([code]) => Promise.reject(new Error(`the double ended with ${code}`)));
  died.catch(() => undefined);
  const lines = createInterface(child.stdout ?? Readable.from([]));
  const [line] = await Promise.race([once(lines, 'line'), died]);
  return {
    connectionString: readyLine(line),
    pid: Number(child.pid),
    call: createCallDouble(child, died),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};
