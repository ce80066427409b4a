import argon2 from 'argon2';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Argon2Engine,
  loadArgon2Engine,
} from '../../../src/adapters/hashing/argon2-engine.ts';
import { createArgon2PasswordHasher } from '../../../src/adapters/hashing/argon2-password-hasher.ts';
import type { PasswordHasher } from '../../../src/application/identity/password-hasher.ts';
import { foreignHashVectors } from './foreign-hash-vectors.ts';

const PASSWORD = 'correct horse battery staple';
const real = await loadArgon2Engine();

/** Every computed hash, whether it matched or not. */
let computed: string[];
const engine: Argon2Engine = {
  ...real,
  verify: (phc, password) => {
    computed.push(phc);
    return real.verify(phc, password);
  },
};

let hasher: PasswordHasher;
beforeEach(async () => {
  computed = [];
  hasher = await createArgon2PasswordHasher({ workers: 1, maxQueue: 8, engine });
});

const withParameters = (parameters: string) =>
  `$argon2id$v=19$${parameters}$c2FsdHNhbHRzYWx0c2FsdA$${'A'.repeat(43)}`;

describe('a hashed password', () => {
  it('matches itself and nothing else', async () => {
    const hash = await hasher.hash(PASSWORD);
    expect(await hasher.verify(hash, PASSWORD)).toBe(true);
    expect(await hasher.verify(hash, 'another password')).toBe(false);
    expect(computed).toStrictEqual([hash, hash]);
  });

  it('is not outdated', async () => {
    expect(hasher.isOutdated(await hasher.hash(PASSWORD))).toBe(false);
  });
});

describe.each([
  { type: argon2.argon2id, memoryCost: 1024, timeCost: 2, parallelism: 2 },
  { type: argon2.argon2i, memoryCost: 32_768, timeCost: 3, parallelism: 1 },
  { type: argon2.argon2d, memoryCost: 32_768, timeCost: 3, parallelism: 1 },
  { type: argon2.argon2id, memoryCost: 19_456, timeCost: 1, parallelism: 1 },
  { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1, version: 16 },
])('a hash of another algorithm or weaker: $type, $memoryCost KiB, $timeCost', (options) => {
  it('still matches, and is outdated', async () => {
    const hash = await argon2.hash(PASSWORD, options);
    expect(await hasher.verify(hash, PASSWORD)).toBe(true);
    expect(await hasher.verify(hash, 'another password')).toBe(false);
    expect(hasher.isOutdated(hash)).toBe(true);
  });
});

describe('a hash with stronger parameters', () => {
  it('is not outdated', () => {
    expect(hasher.isOutdated(withParameters('m=65536,t=3,p=4'))).toBe(false);
  });
});

describe('no hash at all', () => {
  it('never matches, and costs one hash with the current parameters', async () => {
    expect(await hasher.verify(null, PASSWORD)).toBe(false);
    expect(computed).toStrictEqual([expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)]);
  });
});

describe.each([
  ['empty', ''],
  ['not a hash', 'swordfish'],
  ['too much memory', withParameters('m=262145,t=2,p=1')],
  ['too many passes', withParameters('m=19456,t=17,p=1')],
  ['too many lanes', withParameters('m=19456,t=2,p=17')],
  ['too little memory for its lanes', withParameters('m=127,t=2,p=16')],
])('a stored hash that must not be computed: %s', (_, hash) => {
  it('never matches, and costs the dummy', async () => {
    expect(await hasher.verify(hash, PASSWORD)).toBe(false);
    expect(computed).toHaveLength(1);
    expect(computed).not.toContain(hash);
  });
});

describe('a stored hash that the engine cannot compute', () => {
  it('never matches, and costs the dummy in addition', async () => {
    const hash = withParameters('m=65536,t=3,p=1');
    const choosy: Argon2Engine = {
      ...engine,
      verify: (phc, password) =>
        phc === hash ? Promise.reject(new Error('cannot')) : engine.verify(phc, password),
    };
    const choosyHasher = await createArgon2PasswordHasher({
      workers: 1,
      maxQueue: 8,
      engine: choosy,
    });
    expect(await choosyHasher.verify(hash, PASSWORD)).toBe(false);
    expect(computed).toHaveLength(1);
  });
});

describe.each(foreignHashVectors)('$hash by $source', ({ password, hash }) => {
  it('matches its password and no other, and is outdated', async () => {
    expect(await hasher.verify(hash, password)).toBe(true);
    expect(await hasher.verify(hash, `y${password}`)).toBe(false);
    expect(hasher.isOutdated(hash)).toBe(true);
  });
});

describe.each(['', 'swordfish', '$2b$10$N9qo8uLOickgx2ZMRZoMye'])(
  'a text that is no hash: %j',
  (hash) => {
    it('is outdated', () => {
      expect(hasher.isOutdated(hash)).toBe(true);
    });
  },
);

describe("a current hash in Django's format", () => {
  it('matches, and is outdated', async () => {
    const hash = `argon2${await hasher.hash(PASSWORD)}`;
    expect(await hasher.verify(hash, PASSWORD)).toBe(true);
    expect(hasher.isOutdated(hash)).toBe(true);
  });
});

describe('a password with a NUL in it', () => {
  it.each([
    // Both systems would match: the password is repeated or padded.
    ['bcrypt', '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U\0U*U'],
    ['PBKDF2', '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI', 'password\0'],
  ])('does not match a hash of a password without it: %s', async (_, hash, password) => {
    expect(await hasher.verify(hash, password)).toBe(false);
    expect(computed).toHaveLength(1);
  });

  it('matches its own argon2id hash', async () => {
    const hash = await hasher.hash('pass\0word');
    expect(await hasher.verify(hash, 'pass\0word')).toBe(true);
    expect(await hasher.verify(hash, 'pass')).toBe(false);
  });
});

describe('an engine that fails on everything', () => {
  it('causes an error instead of a refusal', async () => {
    const broken: Argon2Engine = { ...real, verify: () => Promise.reject(new Error('no memory')) };
    const brokenHasher = await createArgon2PasswordHasher({
      workers: 1,
      maxQueue: 8,
      engine: broken,
    });
    const hash = await brokenHasher.hash(PASSWORD);
    await expect(brokenHasher.verify(hash, PASSWORD)).rejects.toThrow('no memory');
  });
});

describe('more sign-ins than the queue holds', () => {
  it('are refused with server_busy, hashing and verifying alike', async () => {
    const small = await createArgon2PasswordHasher({ workers: 1, maxQueue: 1, engine });
    const admitted = [small.verify(null, PASSWORD), small.hash(PASSWORD)];
    const busy = expect.objectContaining({ code: 'server_busy' });
    await expect(small.hash(PASSWORD)).rejects.toThrow(busy);
    await expect(small.verify(null, PASSWORD)).rejects.toThrow(busy);
    await Promise.all(admitted);
    await expect(small.verify(null, PASSWORD)).resolves.toBe(false);
  });
});
