import { describe, expect, it } from 'vitest';
import { tokenFamilyAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { createRevokeAccessToken } from '../../../src/application/sessions/revoke-access-token.ts';
import { accessTokenRevoked, at, start } from '../../support/events/token-family-fixtures.ts';
import { createAccountServices } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const FAMILY = '01980a5c-1111-7222-8333-444444444444';
const notFound = new ApplicationError('access_token_not_found');

const setUp = async () => {
  const services = createAccountServices();
  const { commands, signUp } = services;
  await signUp('user_ann', 'ann@example.com');
  await signUp('user_ben', 'ben@example.com');
  await signUp('user_chief', 'chief@example.com', { role: 'admin' });
  const { append } = commands.begin(tokenFamilyAggregate, FAMILY, start(), contextFrom());
  await commands.append([append]);
  const revokeAccessToken = createRevokeAccessToken(services);
  return {
    ...services,
    revoke: (jti: string, userId = 'user_ann') => revokeAccessToken({ jti, userId }, contextFrom()),
  };
};

describe('revoking an access token', () => {
  it('stores AccessTokenRevoked, refuses the token at once, and keeps the session', async () => {
    const { revoke, revoked, eventsOf, sessions } = await setUp();
    await revoke(`${FAMILY}.0`);
    expect([...revoked]).toStrictEqual([[`${FAMILY}.0`, at(600)]]);
    expect((await eventsOf(FAMILY)).slice(1)).toStrictEqual([accessTokenRevoked(0, 0, 0)]);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([FAMILY]);
  });

  it('stores one event for a token that is revoked twice', async () => {
    const { revoke, eventsOf } = await setUp();
    await revoke(`${FAMILY}.0`);
    await revoke(`${FAMILY}.0`);
    expect(await eventsOf(FAMILY)).toHaveLength(2);
  });

  it('stores nothing for a token that was never issued or has expired', async () => {
    const { revoke, clock, revoked, eventsOf } = await setUp();
    await revoke(`${FAMILY}.1`);
    clock.advance(600);
    await revoke(`${FAMILY}.0`);
    expect([revoked.size, (await eventsOf(FAMILY)).length]).toStrictEqual([0, 1]);
  });

  it('revokes the token of another user for an administrator', async () => {
    const { revoke, revoked } = await setUp();
    await revoke(`${FAMILY}.0`, 'user_chief');
    expect(revoked.size).toBe(1);
  });
});

describe('revoking an access token that is not the caller’s', () => {
  it('is refused as if there were no such token', async () => {
    const { revoke, revoked } = await setUp();
    await expect(revoke(`${FAMILY}.0`, 'user_ben')).rejects.toStrictEqual(notFound);
    await expect(revoke(`${FAMILY}.0`, 'user_gone')).rejects.toStrictEqual(notFound);
    expect(revoked.size).toBe(0);
  });

  it('is refused for a deactivated administrator', async () => {
    const { revoke, give, clock } = await setUp();
    await give('user_chief', { type: 'DeactivateUser', data: { now: clock.now() } });
    await expect(revoke(`${FAMILY}.0`, 'user_chief')).rejects.toStrictEqual(notFound);
  });

  it.each(['', 'nonsense', FAMILY, '01980a5c-1111-7222-8333-555555555555.0'])(
    'is refused for what is not the id of a token: %j',
    async (jti) => {
      const { revoke } = await setUp();
      await expect(revoke(jti)).rejects.toStrictEqual(notFound);
      await expect(revoke(jti, 'user_chief')).rejects.toStrictEqual(notFound);
    },
  );
});
