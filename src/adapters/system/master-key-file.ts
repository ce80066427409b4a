import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type MasterKey, parseMasterKey } from './master-key.ts';

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const read = (file: string): MasterKey | undefined => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return parseMasterKey(text);
  } catch (cause) {
    throw new Error(`${file} holds no usable master key.`, { cause });
  }
};

const writeNew = (file: string, text: string): void => {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * The master key of a development machine: made on first use, readable by its owner only.
 *
 * The file appears under its name whole or not at all, and of several processes that start at once
 * one creates it and the others read what it made: a link, unlike a rename, never replaces.
 * @throws Error when the file exists and holds no usable key: a new one would lose all that the old one sealed
 */
export const loadOrCreateMasterKey = (file: string): MasterKey => {
  const existing = read(file);
  if (existing) return existing;

  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    writeNew(temporary, `${randomBytes(32).toString('base64')}\n`);
    linkSync(temporary, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const created = read(file);
  if (!created) throw new Error(`${file} was removed while it was being created.`);
  return created;
};
