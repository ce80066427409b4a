import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPbkdf2Hash, verifyPbkdf2Hash } from '../../../src/adapters/hashing/pbkdf2-hash.ts';
import { pbkdf2Vectors } from './foreign-hash-vectors.ts';

describe.each(pbkdf2Vectors)('$hash by $source', ({ password, hash }) => {
  it('matches its password and no other', async () => {
    const read = readPbkdf2Hash(hash);
    expect(read && (await verifyPbkdf2Hash(read, password))).toBe(true);
    expect(read && (await verifyPbkdf2Hash(read, `y${password}`))).toBe(false);
  });
});

const SALT = Buffer.alloc(16, 0xfb);
const KEY = Buffer.alloc(32, 0xfe);
const base64 = (bytes: Buffer) => bytes.toString('base64');
const passlib = (bytes: Buffer) => base64(bytes).replaceAll('+', '.').replace(/=+$/, '');

describe('one hash in three formats', () => {
  it.each([
    ['passlib', `$pbkdf2-sha256$1000$${passlib(Buffer.from('salt'))}$${passlib(KEY)}`],
    ['Django', `pbkdf2_sha256$1000$salt$${base64(KEY)}`],
    ['Werkzeug', `pbkdf2:sha256:1000$salt$${KEY.toString('hex')}`],
  ])('is read the same: %s', (_, text) => {
    expect(readPbkdf2Hash(text)).toStrictEqual({
      scheme: 'pbkdf2',
      digest: 'sha256',
      iterations: 1000,
      salt: Buffer.from('salt'),
      key: KEY,
    });
  });
});

describe('a key that is shorter than the digest', () => {
  it('matches its password and no other', async () => {
    const key = pbkdf2Sync('password', SALT, 1000, 16, 'sha512');
    const read = readPbkdf2Hash(`$pbkdf2-sha512$1000$${passlib(SALT)}$${passlib(key)}`);
    expect(read && (await verifyPbkdf2Hash(read, 'password'))).toBe(true);
    expect(read && (await verifyPbkdf2Hash(read, 'passwort'))).toBe(false);
  });
});

describe('the upper bound on iterations', () => {
  const withIterations = (iterations: number) => `pbkdf2_sha256$${iterations}$salt$${base64(KEY)}`;

  it('is two million', () => {
    expect(readPbkdf2Hash(withIterations(2_000_000))?.iterations).toBe(2_000_000);
    expect(readPbkdf2Hash(withIterations(2_000_001))).toBeUndefined();
    expect(readPbkdf2Hash(withIterations(99_999_999_999))).toBeUndefined();
  });
});

describe('any other text', () => {
  const passlibHash = `$pbkdf2-sha256$1000$${passlib(SALT)}$${passlib(KEY)}`;
  const djangoHash = `pbkdf2_sha256$1000$salt$${base64(KEY)}`;
  const werkzeugHash = `pbkdf2:sha256:1000$salt$${KEY.toString('hex')}`;

  it('is accepted without the changes below', () => {
    for (const hash of [passlibHash, djangoHash, werkzeugHash]) {
      expect(readPbkdf2Hash(hash)?.key).toStrictEqual(KEY);
    }
  });

  it.each([
    ['nothing', ''],
    ['an unknown digest of passlib', passlibHash.replace('sha256', 'md5')],
    ['an unknown digest of Django', djangoHash.replace('sha256', 'sha512')],
    ['an unknown digest of Werkzeug', werkzeugHash.replace('sha256', 'md5')],
    ['a digest that is a member of every object', werkzeugHash.replace('sha256', 'toString')],
    ['no iterations of passlib', passlibHash.replace('1000', '')],
    ['no iterations of Django', djangoHash.replace('1000', '')],
    ['no iterations of Werkzeug', werkzeugHash.replace(':1000', '')],
    ['iterations that are zero', djangoHash.replace('1000', '0')],
    ['iterations with a leading zero', passlibHash.replace('1000', '01000')],
    ['iterations with a sign', djangoHash.replace('1000', '+1000')],
    ['iterations in hexadecimal', werkzeugHash.replace('1000', '0x10')],
    ['no salt', `pbkdf2_sha256$1000$$${base64(KEY)}`],
    ['a salt with a space', djangoHash.replace('salt', 'sa lt')],
    ['a salt beyond ASCII', djangoHash.replace('salt', 'sält')],
    ['a salt that is too long', djangoHash.replace('salt', 's'.repeat(129))],
    ['ordinary base64 in passlib', passlibHash.replaceAll('.', '+')],
    ['padding in passlib', `${passlibHash}=`],
    ['stray bits in base64', djangoHash.replace('v4=', 'v5=')],
    ['no padding in Django', djangoHash.slice(0, -1)],
    ['too much padding in Django', `${djangoHash}=`],
    ['hexadecimal in Django', `pbkdf2_sha256$1000$salt$${KEY.toString('hex')}`],
    ['base64 in Werkzeug', `pbkdf2:sha256:1000$salt$${base64(KEY)}`],
    ['upper case in Werkzeug', `pbkdf2:sha256:1000$salt$${KEY.toString('hex').toUpperCase()}`],
    ['half a byte in Werkzeug', werkzeugHash.slice(0, -1)],
    ['no key', 'pbkdf2_sha256$1000$salt$'],
    ['a key that is too short', `pbkdf2_sha256$1000$salt$${base64(KEY.subarray(0, 15))}`],
    ['a key beyond the digest', `pbkdf2_sha1$1000$salt$${base64(KEY)}`],
    ['one part too many', `${djangoHash}$`],
    ['a line break at the end', `${werkzeugHash}\n`],
    ['a line break before', `\n${passlibHash}`],
    ['PBKDF2 in PHC format', passlibHash.replace('1000', 'i=1000')],
  ])('is refused: %s', (_, text) => {
    expect(readPbkdf2Hash(text)).toBeUndefined();
  });
});
