import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createRateLimits,
  type RateLimitGroup,
} from '../../../../src/adapters/http/access/rate-limits.ts';
import { parseSignInIdentifier } from '../../../../src/domain/user/sign-in-identifier.ts';
import {
  createInMemoryRateLimiter,
  type InMemoryRateLimiter,
} from '../../../support/http/in-memory-rate-limiter.ts';
import { createRateLimitedApp } from '../../../support/http/rate-limited-app.ts';

let limiter: InMemoryRateLimiter;

beforeEach(() => {
  limiter = createInMemoryRateLimiter();
});

describe('a rate limit per account', () => {
  const accountsOf = async (group: RateLimitGroup, bodies: readonly unknown[], user?: string) => {
    const hook = createRateLimits(limiter)[group];
    const app = createRateLimitedApp(hook, user === undefined ? {} : { user });
    for (const body of bodies) await app.post('/others', { body });
    return limiter.keys.filter((key) => key.startsWith('account:'));
  };

  it.each([
    [
      'alice@x.example',
      ['Alice@x.example', ' alice@X.EXAMPLE\t', 'ａｌｉｃｅ@x.example', 'alice＠x.example'],
    ],
    ['ann.smith', ['Ann.Smith', ' ANN.SMITH ', 'ａｎｎ.smith']],
    ['not @ an @ address', [' Not @ an @ address', 'NOT @ AN @ ADDRESS ']],
    ['', ['', '  ']],
  ])('counts every spelling of "%s" together', async (account, spellings) => {
    const bodies = spellings.map((identifier) => ({ identifier }));
    expect(await accountsOf('signIn', bodies)).toStrictEqual(
      Array(spellings.length).fill(`account:signIn:${account}`),
    );
  });

  it('normalises identifiers as the domain does', async () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
    const address = fc.tuple(part, part).map(([local, domain]) => `${local}@${domain}.example`);
    const readable = fc.oneof(part, address).filter((text) => {
      try {
        return parseSignInIdentifier(text).value.length > 0;
      } catch {
        return false;
      }
    });
    await fc.assert(
      fc.asyncProperty(readable, async (identifier) => {
        limiter = createInMemoryRateLimiter();
        const { value } = parseSignInIdentifier(identifier);
        expect(await accountsOf('signIn', [{ identifier }])).toStrictEqual([
          `account:signIn:${value}`,
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[RateLimitGroup, unknown, string[]]>([
    ['signIn', { identifier: 'ann', email: 'bob' }, ['account:signIn:ann']],
    ['register', { email: 'Ann@x.example' }, ['account:register:ann@x.example']],
    ['mail', { email: 'Ann@x.example' }, ['account:mail:ann@x.example']],
    ['mail', { identifier: 'ann' }, ['account:mail:ann']],
    ['mail', {}, ['account:mail:user_1']],
    ['stepUp', { password: 'x', email: 'bob@x.example' }, ['account:stepUp:user_1']],
    ['profile', { username: 'bob' }, ['account:profile:user_1']],
    ['confirm', { email: 'Ann@x.example' }, []],
    ['guest', { email: 'Ann@x.example' }, []],
    ['oauth', { identifier: 'ann' }, []],
  ])('of the group %s counts the body %j for %j', async (group, body, accounts) => {
    expect(await accountsOf(group, [body], 'user_1')).toStrictEqual(accounts);
  });

  it('counts nothing for a body without an identifier', async () => {
    const bodies = [undefined, {}, [], 'ann', 7, null, { identifier: 7 }, { identifier: null }];
    expect(await accountsOf('signIn', bodies)).toStrictEqual([]);
    expect(await accountsOf('stepUp', bodies)).toStrictEqual([]);
  });
});
