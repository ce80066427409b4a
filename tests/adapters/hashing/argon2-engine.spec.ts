import argon2 from 'argon2';
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

  it('has a random salt', async () => {
    expect(await writer.hash(PASSWORD)).not.toBe(await writer.hash(PASSWORD));
  });
});

const variants = [argon2.argon2d, argon2.argon2i, argon2.argon2id].flatMap((type) =>
  [16, 19].map((version) => ({ type, version })),
);
const readings = engines.flatMap((reader) => variants.map((variant) => ({ reader, ...variant })));

describe.each(readings)('type $type, version $version, read by $reader.name', (reading) => {
  const { reader, type, version } = reading;

  it.each([
    { memoryCost: 1024, timeCost: 2, parallelism: 1 },
    { memoryCost: 128, timeCost: 1, parallelism: 16, hashLength: 16, salt: Buffer.alloc(8, 1) },
    { memoryCost: 130, timeCost: 3, parallelism: 3, hashLength: 64, salt: Buffer.alloc(64, 1) },
  ])('matches its password and no other: %o', async (options) => {
    const phc = await argon2.hash(PASSWORD, { type, version, ...options });
    expect(phc).toContain(`$v=${version}$`);
    expect(await reader.verify(phc, PASSWORD)).toBe(true);
    expect(await reader.verify(phc, `${PASSWORD} `)).toBe(false);
  });
});

describe('choosing an engine', () => {
  it('prefers the faster one', async () => {
    expect((await loadArgon2Engine()).name).toBe('@node-rs/argon2');
  });
});
