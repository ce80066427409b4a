import { describe, expect, it } from 'vitest';
import { denyRevoked } from '../../../src/application/sessions/revoke-token-family.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { contextFrom, createSessionServices } from '../../support/sessions/session-services.ts';

const setUp = async () => {
  const services = createSessionServices();
  await services.open();
  return {
    ...services,
    revoke: () => services.revokeTokenFamily('family-1', 'admin', contextFrom()),
  };
};

describe('revoking a token family', () => {
  it('stores TokenFamilyRevoked with the access tokens that have not expired', async () => {
    const { revoke, clock, eventsOf } = await setUp();
    clock.advance(60);
    await revoke();
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: 'user_ann',
          reason: 'admin',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: at(60),
        },
      },
    ]);
  });

  it('lets this process refuse its access tokens at once', async () => {
    const { revoke, revoked } = await setUp();
    await revoke();
    expect([...revoked]).toStrictEqual([['family-1.0', at(600)]]);
  });

  it('refuses no access token that has expired', async () => {
    const { revoke, revoked, clock, sessions } = await setUp();
    clock.advance(601);
    await revoke();
    expect([...revoked]).toStrictEqual([]);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
  });

  it('stores nothing when the family is revoked already', async () => {
    const { revoke, eventsOf } = await setUp();
    await revoke();
    await revoke();
    expect(await eventsOf('family-1')).toHaveLength(2);
  });

  it('refuses every access token of each span that an event revokes', async () => {
    const { denylist, revoked } = createSessionServices();
    const event: TokenFamilyEvent = {
      type: 'TokenFamilyRevoked',
      data: {
        userId: 'user_ann',
        reason: 'theft',
        accessTokens: [
          { first: 2, last: 3, expiresAt: at(300) },
          { first: 4, last: 4, expiresAt: at(600) },
        ],
        revokedAt: at(0),
      },
    };
    denyRevoked(denylist, 'family-1', [event]);
    expect([...revoked]).toStrictEqual([
      ['family-1.2', at(300)],
      ['family-1.3', at(300)],
      ['family-1.4', at(600)],
    ]);
  });
});
