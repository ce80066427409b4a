import { describe, expect, it } from 'vitest';
import {
  loadArgon2,
  loadArgon2Engine,
  loadNodeRsArgon2,
} from '../../../src/adapters/hashing/argon2-engine.ts';

const PASSWORD = 'pässword \u{1F511} of any length';
const TODAY = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

const engines = await Promise.all([loadNodeRsArgon2(), loadArgon2()]);
const pairs = engines.flatMap((writer) => engines.map((reader) => ({ writer, reader })));

describe.each(pairs)('a hash by $writer.name, read by $reader.name', ({ writer, reader }) => {
  it('is argon2id with 19 MiB, two passes and one lane', async () => {
    expect(await writer.hash(PASSWORD)).toMatch(TODAY);
  });

  it('matches its password and no other', async () => {
    const phc = await writer.hash(PASSWORD);
    expect(await reader.verify(phc, PASSWORD)).toBe(true);
    expect(await reader.verify(phc, `${PASSWORD} `)).toBe(false);
  });

  it('has a salt of its own', async () => {
    expect(await writer.hash(PASSWORD)).not.toBe(await writer.hash(PASSWORD));
  });
});

describe('choosing an engine', () => {
  it('takes the faster one where it loads', async () => {
    expect((await loadArgon2Engine()).name).toBe('@node-rs/argon2');
  });
});
