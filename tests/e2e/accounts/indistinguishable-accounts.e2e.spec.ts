import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import { type Answer, type HttpClient, PASSWORD } from '../../support/servers/http-client.ts';
import { runLatchkey } from '../../support/servers/latchkey-process.ts';
import { startTwoServers, type TwoServers } from '../../support/servers/two-servers.ts';

/** Everything a client could compare, without the request id and the time. */
const visible = ({ status, headers, text }: Answer) => {
  const { 'x-request-id': _, date: _d, ...rest } = headers;
  return { status, text, headers: rest };
};

describe('when a client tries to find out whether an address has an account', () => {
  let system: TwoServers;
  let client: HttpClient;

  const register = (email: string, password = PASSWORD) =>
    client.call('POST', '/v1/users', { body: { email, password, displayName: 'Ann' } });
  const ask = (path: string, email: string) => client.call('POST', path, { body: { email } });

  beforeAll(async () => {
    system = await startTwoServers();
    [client] = system.clients;
    for (const email of ['known@example.com', 'locked@example.com']) {
      await register(email);
      const token = await system.tokenTo(email);
      await client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
    }
    await register('pending@example.com');
    for (let n = 0; n < 10; n += 1) await client.signIn('locked@example.com', 'wrong every time');
    const created = await runLatchkey(
      ['users', 'create', '--email', 'gone@example.com', '--display-name', 'Gone', '--json'],
      system.environment,
      PASSWORD,
    );
    const { userId } = JSON.parse(created.stdout) as { userId: string };
    await runLatchkey(['users', 'deactivate', userId], system.environment);
  });

  afterAll(() => system.close());

  const refused = {
    unknown: () => client.signIn('nobody@example.com', 'wrong every time'),
    'a wrong password': () => client.signIn('known@example.com', 'wrong every time'),
    'a locked account, even with its password': () => client.signIn('locked@example.com'),
    'an account that is not verified, with its password': () =>
      client.signIn('pending@example.com'),
    'a deactivated account, with its password': () => client.signIn('gone@example.com'),
    'no address at all': () => client.signIn('@@', 'wrong every time'),
  };

  it('every refused sign-in has the same response', async () => {
    const expected = visible(await refused.unknown());
    for (const [kind, signIn] of Object.entries(refused)) {
      expect({ kind, ...visible(await signIn()) }).toStrictEqual({ kind, ...expected });
    }
  });

  it.each(['/v1/email-verifications', '/v1/password-resets'])(
    'POST %s has the same response for every address',
    async (path) => {
      const expected = visible(await ask(path, 'nobody@example.com'));
      expect(expected.status).toBe(202);
      for (const kind of ['known', 'locked', 'pending', 'gone']) {
        const answer = visible(await ask(path, `${kind}@example.com`));
        expect({ kind, ...answer }).toStrictEqual({ kind, ...expected });
      }
    },
  );

  it('every registration has the same response', async () => {
    const expected = visible(await register('somebody-new@example.com'));
    expect(expected.status).toBe(202);
    for (const kind of ['known', 'locked', 'pending', 'gone']) {
      const answer = visible(await register(`${kind}@example.com`));
      expect({ kind, ...answer }).toStrictEqual({ kind, ...expected });
    }
  });

  it('only the owner of a registered address is notified, by mail', async () => {
    await register('known@example.com');
    await eventually(async () => {
      const mails = await system.mailsTo('known@example.com');
      return mails.at(-1)?.subject === 'You already have an account';
    }, 'the owner is told');
    expect(await system.mailsTo('nobody@example.com')).toStrictEqual([]);
  });
});
