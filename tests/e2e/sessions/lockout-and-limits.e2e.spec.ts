import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectProblem,
  expectSignedIn,
  type HttpClient,
  PASSWORD,
} from '../../support/servers/http-client.ts';
import { runLatchkey, startServerProcess } from '../../support/servers/latchkey-process.ts';
import { countTypes, userEvents } from '../../support/servers/log-of.ts';
import { outcomes, startTwoServers, type TwoServers } from '../../support/servers/two-servers.ts';

const WRONG = 'wrong every time';
const PROXY = { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' };

const settle = async (system: TwoServers, email: string, username: string) => {
  const [client] = system.clients;
  const body = { email, username, password: PASSWORD, displayName: 'Ann' };
  await client.call('POST', '/v1/users', { body });
  const token = await system.tokenTo(email);
  await client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
};

describe('when passwords are guessed', () => {
  let system: TwoServers;
  let client: HttpClient;

  beforeAll(async () => {
    system = await startTwoServers();
    [client] = system.clients;
  });

  afterAll(() => system.close());

  const failuresOf = async (email: string) => {
    const events = await userEvents(system.database, email);
    return countTypes(events.filter(({ type }) => ['SignInFailed', 'UserLocked'].includes(type)));
  };

  it('of many parallel failures over both processes exactly ten count, and lock the account once', async () => {
    const email = 'guessed@example.com';
    await settle(system, email, 'guessed');
    const session = expectSignedIn(await client.signIn(email));
    const answers = await system.evenly(30, (via) => via.signIn(email, WRONG));
    expect(outcomes(answers)).toStrictEqual({ invalid_credentials: 30 });
    expect(await failuresOf(email)).toStrictEqual({ SignInFailed: 10, UserLocked: 1 });
    const tries = await system.evenly(4, (via) => via.signIn(email));
    expect(outcomes(tries)).toStrictEqual({ invalid_credentials: 4 });
    expect((await client.refresh(session.refreshToken)).status).toBe(200);
    expect((await system.mailTo(email, 2)).subject).toBe('Your account is temporarily locked');
  });

  it('failures with every spelling of an identifier count together', async () => {
    const email = 'spelled@example.com';
    await settle(system, email, 'spelled.name');
    const spellings = [
      'SPELLED@example.com',
      '  spelled@EXAMPLE.com ',
      'ｓｐｅｌｌｅｄ@example.com',
      'spelled.name',
      'Spelled.Name',
      ' SPELLED.NAME',
    ];
    for (let n = 0; n < 10; n += 1) {
      await system.clients[n % 2 === 0 ? 0 : 1].signIn(
        spellings[n % spellings.length] ?? '',
        WRONG,
      );
    }
    expect(await failuresOf(email)).toStrictEqual({ SignInFailed: 10, UserLocked: 1 });
    expectProblem(await client.signIn(email), 'invalid_credentials');
  });

  it('wrong passwords of credential changes count as well', async () => {
    const email = 'stepped@example.com';
    await settle(system, email, 'stepped');
    const { accessToken } = expectSignedIn(await client.signIn(email));
    const body = { currentPassword: WRONG, newPassword: 'never to be had' };
    const answers = await system.evenly(12, (via) =>
      via.call('PUT', '/v1/me/password', { token: accessToken, body }),
    );
    expect(outcomes(answers)).toStrictEqual({ invalid_credentials: 12 });
    expect(await failuresOf(email)).toStrictEqual({ SignInFailed: 10, UserLocked: 1 });
  });

  it('a password reset ends the lock', async () => {
    const email = 'guessed@example.com';
    await client.call('POST', '/v1/password-resets', { body: { email } });
    const token = await system.tokenTo(email, 3);
    const body = { token, newPassword: 'the owner is back' };
    expect((await client.call('POST', '/v1/password-resets/confirm', { body })).status).toBe(204);
    expectSignedIn(await client.signIn(email, 'the owner is back'));
  });

  it('users unlock ends the lock', async () => {
    const email = 'spelled@example.com';
    const unlocked = await runLatchkey(['users', 'unlock', email], system.environment);
    expect(unlocked.code).toBe(0);
    expectSignedIn(await client.signIn(email));
  });

  it('the account stays locked after a restart of the processes', async () => {
    const again = await startServerProcess(system.environment);
    const answer = await fetch(`${again.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: 'stepped', password: PASSWORD }),
    });
    expect(answer.status).toBe(401);
    await again.stop();
  });
});

describe('when requests are limited', () => {
  let system: TwoServers;

  beforeAll(async () => {
    system = await startTwoServers({ LATCHKEY_RATE_LIMITS: 'on', ...PROXY });
  });

  afterAll(() => system.close());

  const signIn = (
    via: HttpClient,
    identifier: string,
    forwardedFor: string,
    path = '/v1/sessions',
  ) =>
    via.call('POST', path, {
      body: { identifier, password: WRONG },
      headers: { 'x-forwarded-for': forwardedFor },
    });

  it('exactly sixty sign-ins a minute to one account pass, from any number of clients', async () => {
    const answers = await system.evenly(70, (via, n) =>
      signIn(via, n % 3 === 0 ? ' One@Example.com' : 'one@example.com', `192.0.2.${n}`),
    );
    expect(outcomes(answers)).toStrictEqual({ invalid_credentials: 60, rate_limited: 10 });
    const refused = answers.find(({ status }) => status === 429);
    const seconds = Number(refused?.headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('the limits keep counting after a restart', async () => {
    const again = await startServerProcess(system.environment);
    const answer = await fetch(`${again.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: 'ONE@example.com', password: WRONG }),
    });
    expect(answer.status).toBe(429);
    await again.stop();
  });

  it('an IPv6 network counts as one client, and of proxies only the trusted hop counts', async () => {
    const [client] = system.clients;
    const guests = await Promise.all(
      Array.from({ length: 70 }, (_, n) =>
        client.call('POST', '/v1/sessions/guest', {
          body: {},
          headers: { 'x-forwarded-for': `203.0.113.${n}, 2001:db8:1:2::${n.toString(16)}` },
        }),
      ),
    );
    expect(outcomes(guests)).toStrictEqual({ 201: 60, rate_limited: 10 });
    const neighbour = await client.call('POST', '/v1/sessions/guest', {
      body: {},
      headers: { 'x-forwarded-for': '2001:db8:1:3::1' },
    });
    expect(neighbour.status).toBe(201);
  });

  it('another spelling of the path does not evade the limits', async () => {
    const [client] = system.clients;
    for (const path of ['//v1/sessions', '/v1/sessions/', '/V1/sessions', '/v1/./sessions']) {
      expect({ path, status: (await signIn(client, 'x', '192.0.2.1', path)).status }).toStrictEqual(
        {
          path,
          status: 404,
        },
      );
    }
    const encoded = await signIn(client, 'one@example.com', '192.0.2.1', '/v1/%73essions');
    expect(encoded.status).toBe(429);
    const query = await signIn(client, 'one@example.com', '192.0.2.1', '/v1/sessions?x=1');
    expect(query.status).toBe(429);
  });

  it('mails are limited by address, whether it has an account or not', async () => {
    const answers = await system.evenly(40, (via, n) =>
      via.call('POST', '/v1/password-resets', {
        body: { email: n % 2 === 0 ? 'flooded@example.com' : 'Flooded@example.com' },
        headers: { 'x-forwarded-for': `198.51.100.${n}` },
      }),
    );
    expect(outcomes(answers)).toStrictEqual({ 202: 30, rate_limited: 10 });
    expect(await system.mailsTo('flooded@example.com')).toStrictEqual([]);
  });
});
