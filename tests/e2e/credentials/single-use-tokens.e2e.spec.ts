import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import {
  expectProblem,
  expectSignedIn,
  type HttpClient,
  PASSWORD,
} from '../../support/servers/http-client.ts';
import { outcomes, startTwoServers, type TwoServers } from '../../support/servers/two-servers.ts';

const CROWD = 20;
const ONCE = { 204: 1, token_invalid: CROWD - 1 };

describe('when two processes receive the same one-time token in twenty parallel requests', () => {
  let system: TwoServers;
  let client: HttpClient;

  beforeAll(async () => {
    system = await startTwoServers();
    [client] = system.clients;
  });

  afterAll(() => system.close());

  const register = (email: string, profile: object = {}, via = client) =>
    via.call('POST', '/v1/users', {
      body: { email, password: PASSWORD, displayName: 'Ann', ...profile },
    });
  const confirm = (token: string, via = client) =>
    via.call('POST', '/v1/email-verifications/confirm', { body: { token } });
  const requestReset = (email: string) =>
    client.call('POST', '/v1/password-resets', { body: { email } });
  const reset = (token: string, newPassword: string, via = client) =>
    via.call('POST', '/v1/password-resets/confirm', { body: { token, newPassword } });

  /** Registers a user who has verified the address. */
  const settle = async (email: string, profile: object = {}) => {
    await register(email, profile);
    expect((await confirm(await system.tokenTo(email))).status).toBe(204);
  };

  it('an address that twenty users registered belongs to the one who verifies it first', async () => {
    const email = 'contested@example.com';
    const sent = await system.evenly(CROWD, (via, n) =>
      register(
        email,
        { password: `the password of ${n}`, username: 'contested', displayName: `${n}` },
        via,
      ),
    );
    expect(outcomes(sent)).toStrictEqual({ 202: CROWD });
    const mails = await Promise.all(
      Array.from({ length: CROWD }, (_, n) => system.tokenTo(email, n + 1)),
    );
    const proofs = await system.evenly(CROWD, (via, n) => confirm(mails[n] ?? '', via));
    expect(outcomes(proofs)).toStrictEqual(ONCE);
    const [owner] = await system.database.query<{ first: string }>({
      text: 'SELECT display_name AS first FROM users WHERE email = $1',
      values: [email],
    });
    // The owner signs in first: ten wrong passwords of the others lock the account.
    expectSignedIn(await client.signIn(email, `the password of ${owner?.first}`));
    const signIns = await system.evenly(CROWD, (via, n) =>
      via.signIn(email, `the password of ${n === Number(owner?.first) ? 'nobody' : n}`),
    );
    expect(outcomes(signIns)).toStrictEqual({ invalid_credentials: CROWD });
  });

  it('an email verification succeeds once', async () => {
    const email = 'verified-once@example.com';
    await register(email);
    const token = await system.tokenTo(email);
    const answers = await system.evenly(CROWD, (via) => confirm(token, via));
    expect(outcomes(answers)).toStrictEqual(ONCE);
    expectSignedIn(await client.signIn(email));
  });

  it('a password reset succeeds once, and ends every session in both processes', async () => {
    const email = 'reset-once@example.com';
    await settle(email);
    const sessions = await system.evenly(6, (via) => via.signIn(email).then(expectSignedIn));
    await requestReset(email);
    const token = await system.tokenTo(email, 2);
    const answers = await system.evenly(CROWD, (via, n) => reset(token, `a new one by ${n}`, via));
    expect(outcomes(answers)).toStrictEqual(ONCE);
    const winner = answers.findIndex(({ status }) => status === 204);
    expectSignedIn(await client.signIn(email, `a new one by ${winner}`));
    expectProblem(await client.signIn(email), 'invalid_credentials');
    for (const { refreshToken } of sessions) {
      const refreshed = await system.evenly(2, (via) => via.refresh(refreshToken));
      expect(outcomes(refreshed)).toStrictEqual({ refresh_token_invalid: 2 });
    }
    await eventually(async () => {
      const seen = await Promise.all(
        sessions.map(({ accessToken }, n) => system.clients[n % 2 === 0 ? 0 : 1].me(accessToken)),
      );
      return seen.every(({ status }) => status === 401);
    }, 'every access token is refused');
  });

  it('an address change succeeds once, and so does its undo', async () => {
    const [before, after] = ['moving@example.com', 'moved@example.com'];
    await settle(before);
    const { accessToken } = expectSignedIn(await client.signIn(before));
    const body = { email: after, password: PASSWORD };
    const asked = await client.call('PUT', '/v1/me/email', { token: accessToken, body });
    expect(asked.status).toBe(202);
    const token = await system.tokenTo(after);
    const changes = await system.evenly(CROWD, (via) => confirm(token, via));
    expect(outcomes(changes)).toStrictEqual(ONCE);
    expectSignedIn(await client.signIn(after));
    expectProblem(await client.signIn(before), 'invalid_credentials');

    const undo = await system.tokenTo(before, 2);
    const undone = await system.evenly(CROWD, (via) => confirm(undo, via));
    expect(outcomes(undone)).toStrictEqual(ONCE);
    expectProblem(await client.me(accessToken), 'access_token_invalid');
    expectProblem(await client.signIn(before), 'invalid_credentials');
    expectProblem(await client.signIn(after), 'invalid_credentials');
    expect((await reset(await system.tokenTo(before, 3), 'known to the owner only')).status).toBe(
      204,
    );
    expectSignedIn(await client.signIn(before, 'known to the owner only'));
  });

  it('an address that was left stays reserved while the change can be undone', async () => {
    const [before, after] = ['left@example.com', 'arrived@example.com'];
    await settle(before);
    const { accessToken } = expectSignedIn(await client.signIn(before));
    await client.call('PUT', '/v1/me/email', { token: accessToken, body: { email: after } });
    await confirm(await system.tokenTo(after));
    await register(before, { displayName: 'Somebody else' });
    expect((await system.mailTo(before, 3)).subject).toBe('You already have an account');
    expect((await confirm(await system.tokenTo(before, 2))).status).toBe(204);
  });

  it('a token is refused for another purpose and once it is superseded', async () => {
    const email = 'purposeful@example.com';
    await register(email);
    const first = await system.tokenTo(email);
    const again = await client.call('POST', '/v1/email-verifications', { body: { email } });
    expect(again.status).toBe(202);
    const second = await system.tokenTo(email, 2);
    expectProblem(await confirm(first), 'token_invalid');
    expectProblem(await reset(second, 'whatever it may be'), 'token_invalid');
    expect((await confirm(second)).status).toBe(204);
    await requestReset(email);
    const reset1 = await system.tokenTo(email, 3);
    expectProblem(await confirm(reset1), 'token_invalid');
    await requestReset(email);
    const reset2 = await system.tokenTo(email, 4);
    expectProblem(await reset(reset1, 'whatever it may be'), 'token_invalid');
    const { accessToken } = expectSignedIn(await client.signIn(email));
    const body = { currentPassword: PASSWORD, newPassword: 'chosen while signed in' };
    const changed = await client.call('PUT', '/v1/me/password', { token: accessToken, body });
    expect(changed.status).toBe(204);
    expectProblem(await reset(reset2, 'whatever it may be'), 'token_invalid');
  });

  it('a guest that is upgraded by twenty requests becomes one account with the same id', async () => {
    const started = await client.call('POST', '/v1/sessions/guest', { body: {} });
    const guest = expectSignedIn(started);
    const email = 'former-guest@example.com';
    const answers = await system.evenly(CROWD, (via) =>
      via.call('POST', '/v1/me/upgrade', {
        token: guest.accessToken,
        body: { email, password: PASSWORD },
      }),
    );
    expect(outcomes(answers)).toStrictEqual({ 202: CROWD });
    const tokens = await Promise.all(
      Array.from({ length: CROWD }, (_, n) => system.tokenTo(email, n + 1)),
    );
    const proofs = await system.evenly(CROWD, (via, n) => confirm(tokens[n] ?? '', via));
    expect(outcomes(proofs)).toStrictEqual(ONCE);
    const { user } = expectSignedIn(await client.signIn(email));
    expect(user.id).toBe(guest.user.id);
    expect((await client.refresh(guest.refreshToken)).status).toBe(200);
  });

  it('no password survives that was set by a user who does not read the mail', async () => {
    const email = 'owner@example.com';
    await register(email, { password: 'set by a stranger' });
    await requestReset(email);
    expect((await reset(await system.tokenTo(email, 2), 'set by the owner')).status).toBe(204);
    expectProblem(await client.signIn(email, 'set by a stranger'), 'invalid_credentials');
    expectProblem(await confirm(await system.tokenTo(email)), 'token_invalid');
    expectSignedIn(await client.signIn(email, 'set by the owner'));
  });
});
