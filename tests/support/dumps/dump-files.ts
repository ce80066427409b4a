import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { integerDump } from './integer-dump.ts';
import { ledgerDump } from './ledger-dump.ts';
import { varcharDump } from './varchar-dump.ts';

const FOLDER = new URL('../fixtures/dumps/', import.meta.url);

/** The databases of three older systems, and how each file is made. */
export const dumpMakers = {
  'ledger.sql': ledgerDump,
  'varchar-ids.sql': varcharDump,
  'integer-ids.sql': integerDump,
} as const satisfies Readonly<Record<string, () => string>>;

export type DumpFile = keyof typeof dumpMakers;

export const dumpPath = (file: DumpFile): string => fileURLToPath(new URL(file, FOLDER));

export const readDump = (file: DumpFile): string => readFileSync(dumpPath(file), 'utf8');
