import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isReadableHash,
  readPasswordHash,
} from '../../../src/adapters/hashing/password-hash-format.ts';
import {
  argon2Vectors,
  bcryptVectors,
  foreignHashVectors,
  hashLikeText,
  pbkdf2Vectors,
  scryptVectors,
} from './foreign-hash-vectors.ts';

describe.each([
  { scheme: 'argon2', vectors: argon2Vectors },
  { scheme: 'bcrypt', vectors: bcryptVectors },
  { scheme: 'pbkdf2', vectors: pbkdf2Vectors },
  { scheme: 'scrypt', vectors: scryptVectors },
])('hashes of $scheme', ({ scheme, vectors }) => {
  it('are recognised by their format', () => {
    for (const { hash } of vectors) {
      expect(readPasswordHash(hash)?.scheme).toBe(scheme);
      expect(isReadableHash(hash)).toBe(true);
    }
  });
});

describe('a hash that cannot be read', () => {
  it.each([
    ['nothing', ''],
    ['a password', 'swordfish'],
    ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['salted SHA-1 of Django', 'sha1$seasalt$cff36ea83f5706ce9aa7454e63e431fc726b2dc8'],
    ['MD5 of Django', 'md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3'],
    ['an account without a password in Django', '!9wa845vn7098ythaehasldkfj'],
    ['a locked account in a shadow file', '*'],
    ['SHA-256 of Werkzeug', `sha256$salt$${'0'.repeat(64)}`],
    ['plain text of Werkzeug', 'plain$$swordfish'],
    ['crypt of Unix', 'rqXexS6ZhobKA'],
    ['md5crypt', '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/'],
    ['phpass', '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0'],
    ['PBKDF2 of LDAP', '{PBKDF2}1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI'],
    ['PBKDF2 of Dwayne Litzenberger', '$p5k2$3e8$H0NX9mT/$wk/sE8vv6OMKuMaqazCJYDSUhWY9YB2J'],
    [
      'bcrypt over SHA-256 of passlib',
      '$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2',
    ],
    ['yescrypt', '$y$j75$z7ztFz2FayrKI79/jEwlL.$u5x/j193MQ09wbFaRGYr0AH/A/jh3kunjuhYRVRNkmC'],
    [
      'an absurdly long one',
      `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(1_000_000)}$${'A'.repeat(43)}`,
    ],
  ])('is reported as unreadable: %s', (_, text) => {
    expect(isReadableHash(text)).toBe(false);
  });
});

describe('a hash with text before or after it', () => {
  it.each([' ', '\n', '\0', '$', '!'])('is not read: %j', (addition) => {
    for (const { hash } of foreignHashVectors) {
      expect(isReadableHash(`${hash}${addition}`)).toBe(false);
      expect(isReadableHash(`${addition}${hash}`)).toBe(false);
    }
  });
});

describe('any text', () => {
  it('is read or refused, but never throws', () => {
    fc.assert(
      fc.property(hashLikeText, (text) => {
        expect(isReadableHash(text)).toBe(readPasswordHash(text) !== undefined);
      }),
      { numRuns: 5_000 },
    );
  });
});
