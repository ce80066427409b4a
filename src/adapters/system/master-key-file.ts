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
 * Loads the master key of a development machine, or creates it on first use, readable by its owner
 * only.
 *
 * The file appears complete or not at all. Of several processes that start at once, one creates it
 * and the others read it: a link, unlike a rename, never replaces a file.
 * @throws Error when the file exists and holds no usable key: a new key could not decrypt existing
 * data
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
