import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../../support/servers/http-client.ts';
import { type RevokedSessions, revokeSessions } from '../../support/sessions/revoked-sessions.ts';

describe('when sessions and a user have been revoked', () => {
  let revoked: RevokedSessions;

  beforeAll(async () => {
    revoked = await revokeSessions();
  });
  afterAll(() => revoked.close());

  it('their tokens are refused at once', () => revoked.expectAllAsBefore());

  it('their tokens are refused after a restart', async () => {
    await revoked.restart();
    await revoked.expectAllAsBefore();
  });

  it('their tokens are refused after a rebuild, during it and after another restart', async () => {
    expect(await revoked.latchkey('projections', 'rebuild')).toMatch(/: 0 differences\n$/);
    await revoked.expectAllAsBefore();
    await revoked.restart();
    await revoked.expectAllAsBefore();
  });

  it('a reactivated user signs in, and the old tokens remain revoked', async () => {
    const { user, accessToken, refreshToken } = revoked.deactivated;
    await revoked.latchkey('users', 'reactivate', user.id);
    expect((await revoked.client().signIn(user.email)).status).toBe(201);
    expectProblem(await revoked.client().me(accessToken), 'access_token_invalid');
    expectProblem(await revoked.client().refresh(refreshToken), 'refresh_token_invalid');
  });
});
