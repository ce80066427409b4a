import { Readable } from 'node:stream';
import { vi } from 'vitest';
import { runCommandLine } from '../../../src/cli.ts';
import type { Environment, Finished } from './latchkey-process.ts';

const capture = (stream: NodeJS.WriteStream) => {
  let text = '';
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  return () => {
    spy.mockRestore();
    return text;
  };
};

/** Runs `latchkey …` inside this process, which is fast; one command at a time. */
export const runCommand = async (
  args: readonly string[],
  environment: Environment = {},
  input = '',
): Promise<Finished> => {
  const outer = process.env;
  process.env = { PATH: outer.PATH, ...environment };
  const stdin = vi
    .spyOn(process, 'stdin', 'get')
    .mockReturnValue(Readable.from([input]) as typeof process.stdin);
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  try {
    await runCommandLine(['node', 'latchkey', ...args]);
  } finally {
    process.env = outer;
    stdin.mockRestore();
  }
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { code, stdout: stdout(), stderr: stderr() };
};
