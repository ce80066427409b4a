import { randomBytes } from 'node:crypto';
import {
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseMasterKey } from '../../../src/adapters/system/master-key.ts';
import { loadOrCreateMasterKey } from '../../../src/adapters/system/master-key-file.ts';

// The real functions, unless a test replaces them.
vi.mock('node:fs', { spy: true });

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latchkey-master-key-'));
  file = path.join(folder, 'data', 'master.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('without a master key file', () => {
  it('one is created that only its owner can read, in a new folder', () => {
    const key = loadOrCreateMasterKey(file);
    expect(parseMasterKey(readFileSync(file, 'utf8'))).toStrictEqual(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('no other file remains', () => {
    loadOrCreateMasterKey(file);
    expect(readdirSync(path.dirname(file))).toStrictEqual(['master.key']);
  });

  it('another path gets another key', () => {
    expect(loadOrCreateMasterKey(file)).not.toStrictEqual(loadOrCreateMasterKey(`${file}2`));
  });
});

describe('when another process creates the file at the same moment', () => {
  it('its key is used and its file is not changed', () => {
    const winner = randomBytes(32);
    vi.mocked(fsyncSync).mockImplementationOnce(() =>
      writeFileSync(file, winner.toString('base64')),
    );
    expect(Buffer.from(loadOrCreateMasterKey(file))).toStrictEqual(winner);
    expect(readFileSync(file, 'utf8')).toBe(winner.toString('base64'));
    expect(readdirSync(path.dirname(file))).toStrictEqual(['master.key']);
  });

  it('any other error of the creation is thrown', () => {
    const refusal = Object.assign(new Error('not permitted'), { code: 'EPERM' });
    vi.mocked(linkSync).mockImplementationOnce(() => {
      throw refusal;
    });
    expect(() => loadOrCreateMasterKey(file)).toThrow(refusal);
    expect(readdirSync(path.dirname(file))).toStrictEqual([]);
  });
});

describe('with a master key file', () => {
  it('the same key is read every time', () => {
    const key = loadOrCreateMasterKey(file);
    expect(loadOrCreateMasterKey(file)).toStrictEqual(key);
  });

  it.each(['', 'half a k'])('%j in it is refused and not replaced', (content) => {
    mkdirSync(path.dirname(file));
    writeFileSync(file, content);
    expect(() => loadOrCreateMasterKey(file)).toThrow(`${file} holds no usable master key.`);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });
});
