import { describe, expect, it } from 'vitest';
import { readScryptHash, verifyScryptHash } from '../../../src/adapters/hashing/scrypt-hash.ts';
import { scryptVectors } from './foreign-hash-vectors.ts';

describe.each(scryptVectors)('$hash by $source', ({ password, hash }) => {
  it('matches its password and no other', async () => {
    const read = readScryptHash(hash);
    expect(read && (await verifyScryptHash(read, password))).toBe(true);
    expect(read && (await verifyScryptHash(read, `y${password}`))).toBe(false);
  });
});

const KEY = Buffer.alloc(32, 0xfe);
const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

describe('one hash in three formats', () => {
  it.each([
    ['a PHC string', `$scrypt$ln=4,r=8,p=2$${unpadded(Buffer.from('salt'))}$${unpadded(KEY)}`],
    ['Werkzeug', `scrypt:16:8:2$salt$${KEY.toString('hex')}`],
    ['Django', `scrypt$16$salt$8$2$${KEY.toString('base64')}`],
  ])('is read the same: %s', (_, text) => {
    expect(readScryptHash(text)).toStrictEqual({
      scheme: 'scrypt',
      N: 16,
      r: 8,
      p: 2,
      salt: Buffer.from('salt'),
      key: KEY,
    });
  });
});

const withCost = (N: number, r: number, p: number) =>
  `scrypt:${N}:${r}:${p}$salt$${KEY.toString('hex')}`;

describe('the upper bound on parameters', () => {
  it('is 256 MiB for all lanes together', () => {
    expect(readScryptHash(withCost(2 ** 18, 8, 1))?.N).toBe(2 ** 18);
    expect(readScryptHash(withCost(2 ** 14, 8, 16))?.p).toBe(16);
    expect(readScryptHash(withCost(2 ** 18, 8, 2))).toBeUndefined();
    expect(readScryptHash(withCost(2 ** 19, 8, 1))).toBeUndefined();
    expect(readScryptHash(withCost(2 ** 18, 9, 1))).toBeUndefined();
  });

  it('is 16 lanes and blocks of 32', () => {
    expect(readScryptHash(withCost(2, 32, 16))?.r).toBe(32);
    expect(readScryptHash(withCost(2, 1, 17))).toBeUndefined();
    expect(readScryptHash(withCost(2, 33, 1))).toBeUndefined();
  });

  it.each([
    [2 ** 18, 8, 1],
    [2 ** 16, 32, 1],
    [2 ** 12, 32, 16],
    [2 ** 15, 1, 16],
    [2, 1, 1],
  ])('can be computed: N %i, r %i, p %i', async (N, r, p) => {
    const read = readScryptHash(withCost(N, r, p));
    expect(read && (await verifyScryptHash(read, 'password'))).toBe(false);
  });
});

describe('any other text', () => {
  const phc = `$scrypt$ln=4,r=8,p=1$${unpadded(Buffer.from('salt'))}$${unpadded(KEY)}`;
  const werkzeug = withCost(16, 8, 1);
  const django = `scrypt$16$salt$8$1$${KEY.toString('base64')}`;

  it('is accepted without the changes below', () => {
    for (const hash of [phc, werkzeug, django]) expect(readScryptHash(hash)?.N).toBe(16);
  });

  it.each([
    ['nothing', ''],
    ['a cost that is no power of two', withCost(15, 8, 1)],
    ['a cost of one', withCost(1, 8, 1)],
    ['a cost of zero', werkzeug.replace('16', '0')],
    ['a logarithm of zero', phc.replace('ln=4', 'ln=0')],
    ['a cost that is too large for the block', withCost(2 ** 16, 1, 1)],
    ['a logarithm that is far too large', phc.replace('ln=4', 'ln=63')],
    ['no block', werkzeug.replace(':8:', ':0:')],
    ['no lane', phc.replace('p=1', 'p=0')],
    ['a leading zero', phc.replace('ln=4', 'ln=04')],
    ['a parameter missing', phc.replace(',p=1', '')],
    ['parameters in another order', phc.replace('ln=4,r=8', 'r=8,ln=4')],
    ['padding in a PHC string', `${phc}=`],
    ['stray bits in a PHC string', `${phc.slice(0, -1)}5`],
    ['no padding in Django', django.slice(0, -1)],
    ['upper case in Werkzeug', werkzeug.replace('fe', 'FE')],
    ['half a byte in Werkzeug', werkzeug.slice(0, -1)],
    ['no salt', werkzeug.replace('salt', '')],
    ['a salt that is too long', werkzeug.replace('salt', 's'.repeat(129))],
    ['a key that is too short', `scrypt:16:8:1$salt$${'fe'.repeat(15)}`],
    ['a key that is too long', `scrypt:16:8:1$salt$${'fe'.repeat(65)}`],
    ['one part too many', `${django}$`],
    ['a line break at the end', `${werkzeug}\n`],
    [
      "libxcrypt's scrypt",
      '$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D',
    ],
  ])('is refused: %s', (_, text) => {
    expect(readScryptHash(text)).toBeUndefined();
  });
});
