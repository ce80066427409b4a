import { describe, expect, it } from 'vitest';
import { createOneTimeTokens } from '../../../src/application/identity/one-time-tokens.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { lifetimes } from '../../support/sessions/session-services.ts';

const invalid = new ApplicationError('token_invalid');

const setUp = (type: OneTimeTokenType = 'password_reset') => {
  const asked: string[] = [];
  const tokens = createOneTimeTokens({
    codec: {
      mint: () => ({ id: 'id', keyId: 7, tokenHash: 'hash of token' }),
      derive: () => 'token',
      hash: (token) => (token === 'malformed' ? undefined : `hash of ${token}`),
    },
    directory: {
      find: async (tokenHash) => {
        asked.push(tokenHash);
        return tokenHash === 'hash of token' ? { userId: 'user_ann', type } : undefined;
      },
    },
    lifetimes,
  });
  return { ...tokens, asked };
};

describe('issuing a one-time token', () => {
  it.each([
    ['email_verification', at(86_400)],
    ['password_reset', at(3_600)],
    ['email_change', at(86_400)],
    ['email_change_undo', at(604_800)],
  ] as const)('sets the lifetime of its purpose: %s', (type, expiresAt) =>
    expect(setUp().issue(type, START)).toStrictEqual({
      id: 'id',
      keyId: 7,
      tokenHash: 'hash of token',
      expiresAt,
    }),
  );
});

describe('presenting a one-time token', () => {
  it('answers its user and its purpose', async () =>
    expect(await setUp().open('token', 'email_change', 'password_reset')).toStrictEqual({
      type: 'password_reset',
      userId: 'user_ann',
      tokenHash: 'hash of token',
    }));

  it.each(['email_verification', 'email_change', 'email_change_undo'] as const)(
    'is refused for another purpose: %s',
    async (type) => {
      await expect(setUp(type).open('token', 'password_reset')).rejects.toStrictEqual(invalid);
    },
  );

  it('is refused when it was never issued', async () => {
    await expect(setUp().open('another', 'password_reset')).rejects.toStrictEqual(invalid);
  });

  it('is refused without a look-up when it is malformed', async () => {
    const { open, asked } = setUp();
    await expect(open('malformed', 'password_reset')).rejects.toStrictEqual(invalid);
    expect(asked).toStrictEqual([]);
  });
});
