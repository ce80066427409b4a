import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import { expectProblem, expectSignedIn } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
});
afterAll(() => app.close());

const users = (...args: string[]) =>
  runCommand(['users', ...args], {
    DATABASE_URL: app.connectionString,
    LATCHKEY_MASTER_KEY: masterKey,
  });

const done = (stdout: string) => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });
const refused = (code: string) => ({ code: 1, stdout: '', stderr: `Refused: ${code}.\n` });

const COMMANDS = [
  ['deactivate', 'deactivated'],
  ['reactivate', 'reactivated'],
  ['unlock', 'unlocked'],
  ['grant-admin', 'granted admin to'],
  ['revoke-admin', 'revoked admin from'],
] as const;

describe('when there is no administrator yet', () => {
  it('grant-admin makes the first administrator, and the last one can be neither demoted nor deactivated', async () => {
    const { user, accessToken: token } = await app.client.signUp();
    const list = () => app.client.call('GET', '/v1/admin/users', { token });
    expectProblem(await list(), 'admin_required');

    expect(await users('grant-admin', user.email)).toStrictEqual(
      done(`granted admin to ${user.id}`),
    );

    expect((await list()).status).toBe(200);
    expect(await users('revoke-admin', user.id)).toStrictEqual(refused('last_admin'));
    expect(await users('deactivate', user.id)).toStrictEqual(refused('last_admin'));
    expect((await list()).status).toBe(200);
    const actors = await app.sql(
      "SELECT type, metadata->>'actor' AS actor FROM events WHERE type = 'RoleChanged'",
    );
    expect(actors).toStrictEqual([{ type: 'RoleChanged', actor: `cli:${userInfo().username}` }]);
  });
});

describe('when a command names a user', () => {
  it.each(COMMANDS)(
    '%s accepts an id, an address or a username in any spelling',
    async (name, did) => {
      const username = `Named.${name}`;
      const { user } = await app.client.signUp({ username });

      for (const named of [
        user.id,
        ` ${user.email.toUpperCase()}`,
        username,
        username.toLowerCase(),
      ]) {
        expect(await users(name, named)).toStrictEqual(done(`${did} ${user.id}`));
      }
    },
  );

  it.each(COMMANDS)('%s refuses an unknown user and stores nothing', async (name) => {
    const before = await app.countEvents();

    for (const named of ['user_00000000000000000000000000', 'a@b@c', 'no@example.com', '', '🔑']) {
      expect(await users(name, named)).toStrictEqual(refused('user_not_found'));
    }

    expect(await app.countEvents()).toBe(before);
  });

  it('takes an argument for an id even where another user has it as a username', async () => {
    const { user } = await app.client.signUp();
    await app.client.signUp({ username: user.id });

    expect(await users('unlock', user.id)).toStrictEqual(done(`unlocked ${user.id}`));
  });
});

describe('when an account is locked after wrong passwords', () => {
  it('users unlock lets the user sign in again', async () => {
    const { user } = await app.client.signUp();
    for (let n = 0; n < 10; n += 1) await app.client.signIn(user.email, 'a wrong password');
    expectProblem(await app.client.signIn(user.email), 'invalid_credentials');

    expect(await users('unlock', user.email)).toStrictEqual(done(`unlocked ${user.id}`));

    expectSignedIn(await app.client.signIn(user.email));
  });
});

describe('when there are two administrators', () => {
  it('revoke-admin demotes one of them', async () => {
    const { user, accessToken } = await app.client.signUp();
    await app.get(tokens.changeRole)({ userId: user.id, role: 'admin' }, visitor);

    expect(await users('revoke-admin', user.email)).toStrictEqual(
      done(`revoked admin from ${user.id}`),
    );

    expect((await app.client.me(accessToken)).json).toMatchObject({ role: 'user' });
  });
});
