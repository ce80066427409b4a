import { describe, expect, it } from 'vitest';
import { loadBcryptJs, loadNodeRsBcrypt } from '../../../src/adapters/hashing/bcrypt-engine.ts';
import { readBcryptHash, verifyBcryptHash } from '../../../src/adapters/hashing/bcrypt-hash.ts';
import { bcryptVectors } from './foreign-hash-vectors.ts';

const engines = await Promise.all([loadNodeRsBcrypt(), loadBcryptJs()]);
const cases = engines.flatMap((engine) => bcryptVectors.map((vector) => ({ engine, ...vector })));

describe.each(cases)('$hash by $source, with $engine.name', ({ engine, password, hash }) => {
  it('matches its password and no other', async () => {
    const read = readBcryptHash(hash);
    expect(read && (await verifyBcryptHash(read, password, engine))).toBe(true);
    expect(read && (await verifyBcryptHash(read, `y${password}`, engine))).toBe(false);
  });
});

const SALT = 'CCCCCCCCCCCCCCCCCCCCC.';
const DIGEST = 'E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const HASH = `$2b$05$${SALT}${DIGEST}`;

describe('a bcrypt hash', () => {
  it.each(['2a', '2b', '2y'])('is read the same with any prefix of the algorithm: $%s$', (name) => {
    expect(readBcryptHash(HASH.replace('2b', name))).toStrictEqual({
      scheme: 'bcrypt',
      hash: HASH,
      prehashed: false,
    });
  });

  it('is read the same with stray bits in its salt', () => {
    expect(readBcryptHash(`$2b$05$${SALT.slice(0, -1)}B${DIGEST}`)?.hash).toBe(HASH);
  });

  it('shows whether the password was hashed before', () => {
    expect(readBcryptHash(`bcrypt$${HASH}`)?.prehashed).toBe(false);
    expect(readBcryptHash(`bcrypt_sha256$${HASH}`)?.prehashed).toBe(true);
  });

  it.each(['04', '15'])('is accepted with %s', (cost) => {
    expect(readBcryptHash(HASH.replace('05', cost))?.hash).toBe(HASH.replace('05', cost));
  });
});

describe('any other text', () => {
  it.each([
    ['nothing', ''],
    ['a salt alone', `$2b$05$${SALT}`],
    ['one character short', HASH.slice(0, -1)],
    ['one character long', `${HASH}.`],
    ['a line break at the end', `${HASH}\n`],
    ['no algorithm', HASH.replace('2b', '2')],
    ['the algorithm with the sign extension bug', HASH.replace('2b', '2x')],
    ['an unknown algorithm', HASH.replace('2b', '2c')],
    ['upper case', HASH.replace('2b', '2B')],
    ['a cost of one digit', `$2b$5$${SALT}${DIGEST}`],
    ['a cost with a sign', HASH.replace('05', '+5')],
    ['too small a cost', HASH.replace('05', '03')],
    ['too large a cost', HASH.replace('05', '16')],
    ['by far too large a cost', HASH.replace('05', '31')],
    ['a character outside the alphabet', `$2b$05$${SALT}${DIGEST.replace('5', '+')}`],
    ['stray bits in the digest', `$2b$05$${SALT}${DIGEST.slice(0, -1)}X`],
    ['a prefix that is not known', `bcrypt_sha512$${HASH}`],
    ['a prefix without its separator', `bcrypt${HASH}`],
  ])('is refused: %s', (_, text) => {
    expect(readBcryptHash(text)).toBeUndefined();
  });
});
