import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectProblem,
  expectSignedIn,
  type HttpClient,
  PASSWORD,
} from '../../support/servers/http-client.ts';
import { userEvents } from '../../support/servers/log-of.ts';
import { outcomes, startTwoServers, type TwoServers } from '../../support/servers/two-servers.ts';

const BY_MAIL = 'known to the owner only';
const ROUNDS = 4;

describe('when an account is attacked through two processes', () => {
  let system: TwoServers;
  let client: HttpClient;

  beforeAll(async () => {
    system = await startTwoServers();
    [client] = system.clients;
  });

  afterAll(() => system.close());

  const register = (email: string, profile: object = {}) =>
    client.call('POST', '/v1/users', {
      body: { email, password: PASSWORD, displayName: 'Ann', ...profile },
    });
  const confirm = (token: string) =>
    client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
  const changeEmail = (token: string, email: string, via = client) =>
    via.call('PUT', '/v1/me/email', { token, body: { email, password: PASSWORD } });
  const reset = (token: string, newPassword = BY_MAIL) =>
    client.call('POST', '/v1/password-resets/confirm', { body: { token, newPassword } });

  /** Registers a user and verifies the address. */
  const settle = async (email: string) => {
    await register(email);
    expect((await confirm(await system.tokenTo(email))).status).toBe(204);
    return expectSignedIn(await client.signIn(email));
  };

  /** Changes the address with the token of the `count`-th mail to the new one. */
  const move = async (token: string, to: string, count = 1) => {
    expect((await changeEmail(token, to)).status).toBe(202);
    expect((await confirm(await system.tokenTo(to, count))).status).toBe(204);
  };

  /** The credential events after the password reset. */
  const sinceReset = async (email: string) => {
    const events = await userEvents(system.database, email);
    const place = events.findIndex(
      ({ type, data }) => type === 'PasswordChanged' && data.reason === 'reset',
    );
    expect(place).toBeGreaterThan(0);
    return events
      .slice(place + 1)
      .map(({ type }) => type)
      .filter((type) => ['EmailChangeRequested', 'EmailChanged', 'PasswordChanged'].includes(type));
  };

  it.each(Array.from({ length: ROUNDS }, (_, n) => n))(
    'an old session cannot change the address after a password reset (round %i)',
    async (round) => {
      const email = `stays-${round}@example.com`;
      const { accessToken } = await settle(email);
      await client.call('POST', '/v1/password-resets', { body: { email } });
      const token = await system.tokenTo(email, 2);
      const [answer] = await Promise.all([
        reset(token),
        system.evenly(12, (via, n) =>
          changeEmail(accessToken, `thief-${round}-${n}@x.example`, via),
        ),
      ]);
      expect(answer.status).toBe(204);
      expect(await sinceReset(email)).toStrictEqual([]);
      expectSignedIn(await client.signIn(email, BY_MAIL));
    },
  );

  it.each(Array.from({ length: ROUNDS }, (_, n) => n))(
    'of a password change by a session and a reset by mail, exactly one succeeds (round %i)',
    async (round) => {
      const email = `one-of-two-${round}@example.com`;
      const { accessToken } = await settle(email);
      await client.call('POST', '/v1/password-resets', { body: { email } });
      const token = await system.tokenTo(email, 2);
      const newPassword = 'set from the old session';
      const body = { currentPassword: PASSWORD, newPassword };
      const [byMail, changes] = await Promise.all([
        reset(token),
        system.evenly(4, (via) => via.call('PUT', '/v1/me/password', { token: accessToken, body })),
      ]);
      const { 204: done = 0 } = outcomes([byMail, ...changes]);
      expect(done).toBe(1);
      const [kept, lost] = byMail.status === 204 ? [BY_MAIL, newPassword] : [newPassword, BY_MAIL];
      expectSignedIn(await client.signIn(email, kept));
      expectProblem(await client.signIn(email, lost), 'invalid_credentials');
    },
  );

  it('of a stranger and a guest who want one address, the reader of its mail decides by a password reset', async () => {
    const email = 'wanted-by-two@example.com';
    await register(email, { password: 'set by a stranger' });
    const stranger = await system.tokenTo(email);
    const guest = expectSignedIn(await client.call('POST', '/v1/sessions/guest', { body: {} }));
    const upgrade = { email, password: 'set by the guest' };
    const asked = await client.call('POST', '/v1/me/upgrade', {
      token: guest.accessToken,
      body: upgrade,
    });
    expect(asked.status).toBe(202);
    const kept = await system.mailTo(email, 2);
    expect(kept.subject).toBe('Keep your account with this e-mail address');
    const upgrading = await system.tokenTo(email, 2);

    const again = await client.call('POST', '/v1/email-verifications', { body: { email } });
    expect(again.status).toBe(202);
    expect((await system.mailTo(email, 3)).subject).toBe('Choose a new password');
    expect((await reset(await system.tokenTo(email, 3))).status).toBe(204);

    for (const token of [stranger, upgrading]) expectProblem(await confirm(token), 'token_invalid');
    for (const password of ['set by a stranger', 'set by the guest']) {
      expectProblem(await client.signIn(email, password), 'invalid_credentials');
    }
    expectProblem(await client.refresh(guest.refreshToken), 'refresh_token_invalid');
    const { user } = expectSignedIn(await client.signIn(email, BY_MAIL));
    expect(user.id).toBe(guest.user.id);
  });

  it('an address change cannot be undone once the owner has returned to the old address', async () => {
    const [home, away] = ['home@example.com', 'away@example.com'];
    const { accessToken } = await settle(home);
    await move(accessToken, away);
    const undo = await system.tokenTo(home, 2);
    await move(accessToken, home, 3);

    expectProblem(await confirm(undo), 'token_invalid');
    expectSignedIn(await client.signIn(home));
    // A mail to the other address would have been sent before this one.
    await client.call('POST', '/v1/password-resets', { body: { email: home } });
    await system.mailTo(home, 4);
    expect((await system.mailsTo(away)).map(({ subject }) => subject)).toStrictEqual([
      'Confirm your new e-mail address',
    ]);
  });

  it('the reader of its mail is told when another user registers an address that an undo still reserves', async () => {
    const [left, arrived] = ['was-left@example.com', 'was-reached@example.com'];
    const { accessToken } = await settle(left);
    await move(accessToken, arrived);
    const before = await system.mailTo(left, 2);
    expect(before.subject).toBe('Your e-mail address was changed');

    expect((await register(left, { displayName: 'Somebody else' })).status).toBe(202);
    const { subject, text } = await system.mailTo(left, 3);
    expect(subject).toBe('You already have an account');
    expect(text).not.toContain('token=');
  });

  it('after forty wrong passwords in step-up, the right password is refused too', async () => {
    const email = 'stepped-on@example.com';
    const { accessToken: token } = await settle(email);
    const ask = (password: string, via: HttpClient, n: number) =>
      via.call('PUT', '/v1/me/email', {
        token,
        body: { email: `guess-${n}@x.example`, password },
      });
    const answers = await system.evenly(40, (via, n) =>
      ask(n === 39 ? PASSWORD : `wrong ${n}`, via, n),
    );
    expect(outcomes(answers)).toStrictEqual({ invalid_credentials: 40 });
    expect(await system.mailsTo('guess-39@x.example')).toStrictEqual([]);
  });
});
