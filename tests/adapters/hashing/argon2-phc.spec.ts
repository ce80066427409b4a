import { describe, expect, it } from 'vitest';
import { parseArgon2Phc, readArgon2Hash } from '../../../src/adapters/hashing/argon2-phc.ts';

const SALT = Buffer.alloc(16, 1).toString('base64').replace(/=+$/, '');
const TAG = Buffer.alloc(32, 2).toString('base64').replace(/=+$/, '');
const unpadded = (bytes: number) => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '');

describe('an Argon2 hash', () => {
  it('is parsed to its parameters', () => {
    expect(parseArgon2Phc(`$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`)).toStrictEqual({
      algorithm: 'argon2id',
      version: 19,
      m: 19_456,
      t: 2,
      p: 1,
    });
    expect(parseArgon2Phc(`$argon2i$v=16$m=65536,t=3,p=4$${SALT}$${TAG}`)).toStrictEqual({
      algorithm: 'argon2i',
      version: 16,
      m: 65_536,
      t: 3,
      p: 4,
    });
  });
});

describe('any other text', () => {
  it.each([
    ['nothing', ''],
    ['bcrypt', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
    ['an unknown variant', `$argon2x$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`],
    ['an unknown version', `$argon2id$v=20$m=19456,t=2,p=1$${SALT}$${TAG}`],
    ['no version', `$argon2id$m=19456,t=2,p=1$${SALT}$${TAG}`],
    ['parameters in another order', `$argon2id$v=19$t=2,m=19456,p=1$${SALT}$${TAG}`],
    ['no passes', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${TAG}`],
    ['a number with leading zeros', `$argon2id$v=19$m=019456,t=2,p=1$${SALT}$${TAG}`],
    ['a number beyond 32 bits', `$argon2id$v=19$m=99999999999,t=2,p=1$${SALT}$${TAG}`],
    ['a salt that is too short', `$argon2id$v=19$m=19456,t=2,p=1$${unpadded(7)}$${TAG}`],
    ['a salt that is too long', `$argon2id$v=19$m=19456,t=2,p=1$${unpadded(65)}$${TAG}`],
    ['a tag that is too short', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${unpadded(15)}`],
    ['a tag that is too long', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${unpadded(65)}`],
    ['padded base64', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}==$${TAG}`],
    ['stray bits in base64', `$argon2id$v=19$m=19456,t=2,p=1$${SALT.slice(0, -1)}B$${TAG}`],
    ['no tag', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}`],
    ['something after the tag', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}\n`],
  ])('is refused: %s', (_, text) => {
    expect(parseArgon2Phc(text)).toBeUndefined();
  });
});

describe('a stored Argon2 hash', () => {
  const phc = `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`;
  const withParameters = (parameters: string) => phc.replace('m=19456,t=2,p=1', parameters);

  it('is read with and without the prefix of Django', () => {
    const hash = { scheme: 'argon2', phc, parameters: parseArgon2Phc(phc) };
    expect(readArgon2Hash(phc)).toStrictEqual(hash);
    expect(readArgon2Hash(`argon2${phc}`)).toStrictEqual(hash);
  });

  it.each(['m=262144,t=16,p=16', 'm=8,t=1,p=1', 'm=128,t=1,p=16'])(
    'is accepted with %s',
    (parameters) => {
      expect(readArgon2Hash(withParameters(parameters))?.phc).toBe(withParameters(parameters));
    },
  );

  it.each([
    ['too much memory', withParameters('m=262145,t=2,p=1')],
    ['too many passes', withParameters('m=19456,t=17,p=1')],
    ['too many lanes', withParameters('m=19456,t=2,p=17')],
    ['too little memory for its lanes', withParameters('m=127,t=1,p=16')],
    ['the prefix twice', `argon2$argon2${phc}`],
    ['the prefix of another system', `argon2id${phc}`],
    ['the prefix with a separator too many', `argon2$${phc}`],
    ['no first separator', phc.slice(1)],
  ])('is refused: %s', (_, text) => {
    expect(readArgon2Hash(text)).toBeUndefined();
  });
});
