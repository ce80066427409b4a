import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';
import { expectOAuthError } from '../../../support/sessions/expect-oauth-error.ts';
import {
  basic,
  postForm,
  type ResourceServerCredentials,
} from '../../../support/sessions/oauth-client.ts';

const LATCHKEY_MASTER_KEY = newMasterKey();
let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
});
afterAll(() => app.close());

const servers = (...args: string[]) =>
  runCommand(['resource-servers', ...args], {
    DATABASE_URL: app.connectionString,
    LATCHKEY_MASTER_KEY,
  });

const add = async (name: string): Promise<ResourceServerCredentials & { name: string }> =>
  JSON.parse((await servers('add', name, '--json')).stdout);

const introspect = (who: ResourceServerCredentials) =>
  postForm(app, '/oauth2/introspect', 'token=x', { headers: { authorization: basic(who) } });

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

describe('when a resource server is added', () => {
  it('can introspect tokens at once with the secret that was shown', async () => {
    const { code, stdout, stderr } = await servers('add', 'files');

    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^added rs_[0-9a-z]{26}\nsecret [\w-]{43} \(shown once\)\n$/);
    const [, id = '', secret = ''] = /^added (\S+)\nsecret (\S+)/.exec(stdout) ?? [];
    expect((await introspect({ id, secret })).status).toBe(200);
  });

  it('prints JSON with --json', async () => {
    expect(await add(' mail ')).toStrictEqual({
      id: expect.stringMatching(/^rs_[0-9a-z]{26}$/),
      name: 'mail',
      secret: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('refuses a name that is taken', async () => {
    await add('taken');

    expect(await servers('add', 'taken')).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'Refused: resource_server_exists.\n',
    });
  });

  it.each(['', ' ', 'two\nlines', 'x'.repeat(101)])('refuses the name %j', async (name) => {
    expect(await servers('add', name)).toStrictEqual({
      code: 2,
      stdout: '',
      stderr: 'A name is one line of 1 to 100 characters.\n',
    });
  });
});

describe('when resource servers are listed', () => {
  it('shows everything but secrets', async () => {
    const { id, name } = await add('listed');

    const { stdout } = await servers('list', '--json');
    expect(JSON.parse(stdout)).toContainEqual({ id, name, createdAt: time });
    const table = (await servers('list')).stdout;
    expect(table).toMatch(/^id +name +created\n/);
    expect(table).toMatch(new RegExp(`^${id} +${name} +\\d{4}-`, 'm'));
  });
});

describe('when a resource server is removed', () => {
  it('its introspection requests are refused', async () => {
    const server = await add('removed');

    expect(await servers('remove', server.id)).toStrictEqual({
      code: 0,
      stdout: `removed ${server.id}\n`,
      stderr: '',
    });

    expectOAuthError(await introspect(server), 'invalid_client', 401);
  });

  it('prints JSON with --json', async () => {
    const { id } = await add('removed by a program');

    const { stdout } = await servers('remove', id, '--json');
    expect(JSON.parse(stdout)).toStrictEqual({ removed: id });
  });

  it.each(['files', `rs_${'0'.repeat(26)}`])('refuses an unknown id: %s', async (id) => {
    expect(await servers('remove', id)).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'Refused: resource_server_not_found.\n',
    });
  });
});
