import { pbkdf2, scrypt } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Argon2Engine } from '../../../src/adapters/hashing/argon2-engine.ts';
import { createArgon2PasswordHasher } from '../../../src/adapters/hashing/argon2-password-hasher.ts';
import type { BcryptEngine } from '../../../src/adapters/hashing/bcrypt-engine.ts';
import { hashLikeText } from './foreign-hash-vectors.ts';

vi.mock('node:crypto', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:crypto')>();
  return { ...real, pbkdf2: vi.fn(real.pbkdf2), scrypt: vi.fn(real.scrypt) };
});

const DUMMY = 'the dummy';
const TAG = 'A'.repeat(43);
const argon2 = (parameters: string, algorithm = 'argon2id') =>
  `$${algorithm}$v=19$${parameters}$c2FsdHNhbHRzYWx0c2FsdA$${TAG}`;
const BCRYPT = '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const PBKDF2 = '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI';
const SCRYPT =
  '$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ';

/** Hashes that were started. PBKDF2 and scrypt are real. */
let argon2Work: string[];
let bcryptWork: string[];
const begunElsewhere = () => ({
  bcrypt: bcryptWork.length,
  pbkdf2: vi.mocked(pbkdf2).mock.calls.length,
  scrypt: vi.mocked(scrypt).mock.calls.length,
});
const NOTHING = { bcrypt: 0, pbkdf2: 0, scrypt: 0 };

/** Matches everything but the dummy. */
const argon2Engine: Argon2Engine = {
  name: 'argon2',
  hash: async () => DUMMY,
  verify: async (phc) => {
    argon2Work.push(phc);
    return true;
  },
};
const bcryptEngine: BcryptEngine = {
  name: 'bcryptjs',
  verify: async (hash) => {
    bcryptWork.push(hash);
    return true;
  },
};

beforeEach(() => {
  argon2Work = [];
  bcryptWork = [];
  vi.mocked(pbkdf2).mockClear();
  vi.mocked(scrypt).mockClear();
});

const createHasher = (engine = argon2Engine, bcrypt = bcryptEngine) =>
  createArgon2PasswordHasher({
    workers: 1,
    maxQueue: 8,
    engine,
    loadBcrypt: async () => bcrypt,
  });

describe('an argon2id hash with the current cost or more', () => {
  it.each(['m=19456,t=2,p=1', 'm=38912,t=1,p=1', 'm=65536,t=3,p=4', 'm=155648,t=2,p=8'])(
    'is the only hash computed: %s',
    async (parameters) => {
      const hasher = await createHasher();
      expect(await hasher.verify(argon2(parameters), 'password')).toBe(true);
      expect(argon2Work).toStrictEqual([argon2(parameters)]);
      expect(begunElsewhere()).toStrictEqual(NOTHING);
    },
  );
});

describe('an Argon2 hash that may be computed faster', () => {
  it.each([
    ['less memory', argon2('m=19455,t=2,p=1')],
    ['fewer passes', argon2('m=19456,t=1,p=1')],
    ['more lanes at a time', argon2('m=102400,t=2,p=8')],
    ['argon2i', argon2('m=65536,t=3,p=1', 'argon2i')],
    ['argon2d', argon2('m=65536,t=3,p=1', 'argon2d')],
  ])('is computed together with the dummy: %s', async (_, hash) => {
    const hasher = await createHasher();
    expect(await hasher.verify(hash, 'password')).toBe(true);
    expect(argon2Work).toStrictEqual([hash, DUMMY]);
    expect(begunElsewhere()).toStrictEqual(NOTHING);
  });
});

describe.each([
  { hash: BCRYPT, work: { ...NOTHING, bcrypt: 1 } },
  { hash: `bcrypt_sha256$${BCRYPT}`, work: { ...NOTHING, bcrypt: 1 } },
  { hash: PBKDF2, work: { ...NOTHING, pbkdf2: 1 } },
  { hash: SCRYPT, work: { ...NOTHING, scrypt: 1 } },
])('a hash of another scheme: $hash', ({ hash, work }) => {
  it('is computed together with the dummy, whether it matches or not', async () => {
    const hasher = await createHasher();
    expect(await hasher.verify(hash, 'password')).toBe(true);
    expect(argon2Work).toStrictEqual([DUMMY]);
    expect(begunElsewhere()).toStrictEqual(work);

    const refusing = await createHasher(argon2Engine, {
      ...bcryptEngine,
      verify: async () => false,
    });
    expect(await refusing.verify(hash, 'another password')).toBe(false);
    expect(argon2Work).toStrictEqual([DUMMY, DUMMY]);
  });

  it('is not computed for a password with a NUL', async () => {
    const hasher = await createHasher();
    expect(await hasher.verify(hash, 'pass\0word')).toBe(false);
    expect(argon2Work).toStrictEqual([DUMMY]);
    expect(begunElsewhere()).toStrictEqual(NOTHING);
  });
});

describe('when a hash of another scheme was refused', () => {
  const answering = (answer: boolean, milliseconds: number): BcryptEngine => ({
    ...bcryptEngine,
    verify: async () => {
      vi.advanceTimersByTime(milliseconds);
      return answer;
    },
  });

  const setUp = async (bcrypt: BcryptEngine, matches = false) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const pauses: number[] = [];
    const hasher = await createArgon2PasswordHasher({
      workers: 1,
      maxQueue: 8,
      engine: { ...argon2Engine, verify: async () => matches },
      loadBcrypt: async () => bcrypt,
      pause: async (milliseconds) => void pauses.push(milliseconds),
    });
    return { hasher, pauses };
  };

  afterEach(() => {
    vi.useRealTimers();
  });

  it('every other refusal is padded to its time', async () => {
    const { hasher, pauses } = await setUp(answering(false, 700));
    expect(await hasher.verify(BCRYPT, 'password')).toBe(false);
    expect(pauses).toStrictEqual([]);
    for (const hash of [argon2('m=19456,t=2,p=1'), null, 'swordfish']) {
      expect(await hasher.verify(hash, 'password')).toBe(false);
    }
    expect(pauses).toStrictEqual([700, 700, 700]);
  });

  it('a correct password is not delayed', async () => {
    const { hasher, pauses } = await setUp(answering(false, 700), true);
    await hasher.verify(BCRYPT, 'password');
    expect(await hasher.verify(argon2('m=19456,t=2,p=1'), 'password')).toBe(true);
    expect(pauses).toStrictEqual([]);
  });

  it('a correct password is not measured', async () => {
    const { hasher, pauses } = await setUp(answering(true, 700));
    expect(await hasher.verify(BCRYPT, 'password')).toBe(true);
    expect(await hasher.verify(null, 'password')).toBe(false);
    expect(pauses).toStrictEqual([]);
  });

  it('the padding runs outside the gate, and other hashes run meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const paused = startable(undefined);
    const hasher = await createArgon2PasswordHasher({
      workers: 1,
      maxQueue: 8,
      engine: { ...argon2Engine, verify: async (phc) => phc !== DUMMY },
      loadBcrypt: async () => answering(false, 700),
      pause: () => paused.run(),
    });
    await hasher.verify(BCRYPT, 'password');
    const refused = hasher.verify(null, 'password');
    expect(await hasher.verify(argon2('m=19456,t=2,p=1'), 'password')).toBe(true);
    expect(paused.begun()).toBe(1);
    paused.end();
    expect(await refused).toBe(false);
  });
});

describe('a hash that must not be computed', () => {
  const KEY = Buffer.alloc(32).toString('hex');

  it.each([
    ['none', null],
    ['nothing', ''],
    ['a password', 'swordfish'],
    ['Argon2 with too much memory', argon2('m=262145,t=2,p=1')],
    ['bcrypt that costs too much', BCRYPT.replace('05', '16')],
    ['bcrypt with the sign extension bug', BCRYPT.replace('2b', '2x')],
    ['PBKDF2 with too many iterations', `pbkdf2:sha256:2000001$salt$${KEY}`],
    ['PBKDF2 with a short key', `pbkdf2:sha256:1000$salt$${KEY.slice(0, 30)}`],
    ['scrypt with too much memory', `scrypt:524288:8:1$salt$${KEY}`],
    ['scrypt with too many lanes', `scrypt:16384:8:17$salt$${KEY}`],
  ])('costs only the dummy: %s', async (_, hash) => {
    const hasher = await createHasher();
    expect(await hasher.verify(hash, 'password')).toBe(false);
    expect(argon2Work).toStrictEqual([DUMMY]);
    expect(begunElsewhere()).toStrictEqual(NOTHING);
  });
});

describe('any text as a hash', () => {
  it('matches no password, throws nothing and costs at least one hash', async () => {
    const refuse = (work: () => string[]) => async (hash: string) => {
      work().push(hash);
      return false;
    };
    const hasher = await createHasher(
      { ...argon2Engine, verify: refuse(() => argon2Work) },
      { ...bcryptEngine, verify: refuse(() => bcryptWork) },
    );
    await fc.assert(
      fc.asyncProperty(hashLikeText, fc.string({ unit: 'binary' }), async (hash, password) => {
        argon2Work = [];
        expect(await hasher.verify(hash, password)).toBe(false);
        expect(argon2Work).toHaveLength(1);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Work that starts at once and ends when the test lets it. */
const startable = <Result>(result: Result) => {
  let begun = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async (): Promise<Result> => {
    begun += 1;
    await ended;
    return result;
  };
  return { run, end: () => end(), begun: () => begun };
};

/** Waits for all work that does not depend on the test. */
const flushPending = () => new Promise(setImmediate);

describe('the dummy and a hash of another scheme', () => {
  const setUp = async () => {
    const dummy = startable(true);
    const bcrypt = startable(true);
    const hasher = await createHasher(
      { ...argon2Engine, verify: dummy.run },
      { ...bcryptEngine, verify: bcrypt.run },
    );
    const answers: boolean[] = [];
    const verify = () => hasher.verify(BCRYPT, 'password').then((answer) => answers.push(answer));
    return { dummy, bcrypt, verify, answers };
  };

  it('start together', async () => {
    const { dummy, bcrypt, verify } = await setUp();
    const verified = verify();
    await flushPending();
    expect([dummy.begun(), bcrypt.begun()]).toStrictEqual([1, 1]);
    dummy.end();
    bcrypt.end();
    await verified;
  });

  it.each(['dummy', 'bcrypt'] as const)(
    'delay the answer and occupy the gate until both have ended: %s first',
    async (first) => {
      const { dummy, bcrypt, verify, answers } = await setUp();
      const verified = [verify(), verify()];
      ({ dummy, bcrypt })[first].end();
      await flushPending();
      expect(answers).toStrictEqual([]);
      expect([dummy.begun(), bcrypt.begun()]).toStrictEqual([1, 1]);
      dummy.end();
      bcrypt.end();
      await Promise.all(verified);
      expect(answers).toStrictEqual([true, true]);
    },
  );
});

describe('an engine at fault', () => {
  const failing = () => Promise.reject(new Error('no memory'));

  it('causes an error instead of a refusal, whichever it is', async () => {
    const withoutArgon2 = await createHasher({ ...argon2Engine, verify: failing });
    await expect(withoutArgon2.verify(PBKDF2, 'password')).rejects.toThrow('no memory');
    const withoutBcrypt = await createHasher(argon2Engine, { ...bcryptEngine, verify: failing });
    await expect(withoutBcrypt.verify(BCRYPT, 'password')).rejects.toThrow('no memory');
  });
});

describe('bcrypt', () => {
  it('is not loaded before a bcrypt hash is verified', async () => {
    const loadBcrypt = vi.fn(async () => bcryptEngine);
    const hasher = await createArgon2PasswordHasher({
      workers: 1,
      maxQueue: 8,
      engine: argon2Engine,
      loadBcrypt,
    });
    await hasher.verify(PBKDF2, 'password');
    await hasher.verify(BCRYPT.replace('05', '16'), 'password');
    expect(loadBcrypt).not.toHaveBeenCalled();
    await hasher.verify(BCRYPT, 'password');
    expect(loadBcrypt).toHaveBeenCalledOnce();
  });
});
