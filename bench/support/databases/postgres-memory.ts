import { readdirSync, readFileSync } from 'node:fs';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const parentOf = (pid: string): number =>
  Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]);

const proportionalBytes = (pid: string): number =>
  Number(/^Pss:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1_024;

/**
 * Measures the memory of a PostgreSQL server's processes in bytes, shared pages counted once; NaN
 * without /proc.
 */
export const postgresBytes = (postmaster: number): number => {
  if (process.platform !== 'linux') return Number.NaN;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => Number(pid) === postmaster || parentOf(pid) === postmaster)
    .reduce((sum, pid) => sum + proportionalBytes(pid), 0);
};
