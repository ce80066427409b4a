import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';
import { expectSignedIn, PASSWORD } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({
    LATCHKEY_MASTER_KEY: masterKey,
    LATCHKEY_REGISTRATION: 'verify-first',
  });
});
afterAll(() => app.close());

const create = (input: string, args: readonly string[], environment = {}) =>
  runCommand(
    ['users', 'create', '--test', ...args],
    { DATABASE_URL: app.connectionString, LATCHKEY_MASTER_KEY: masterKey, ...environment },
    input,
  );

describe('when users create is given --test', () => {
  it('generates a user that can sign in at once, and shows how', async () => {
    const { code, stdout, stderr } = await create('', []);

    const [, userId = '', email = '', password = ''] =
      /^created (user_[0-9a-z]{26})\nemail (test-[0-9a-f]{10}@example\.com)\npassword ([\w-]{16}) \(shown once\)\n$/.exec(
        stdout,
      ) ?? [];
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    const { user } = expectSignedIn(await app.client.signIn(email, password));
    expect(user).toMatchObject({ id: userId, emailVerified: true, displayName: 'Test User' });
  });

  it('generates another user each time', async () => {
    const made = [await create('', ['--json']), await create('', ['--json'])];

    const emails = made.map(({ stdout }) => JSON.parse(stdout).email);
    expect(new Set(emails).size).toBe(2);
  });

  it('uses the given values and password, and prints JSON', async () => {
    const wished = ['--email', 'Tess@Example.org', '--display-name', 'Tess', '--username', 'tess'];
    const { code, stdout } = await create(`${PASSWORD}\n`, [...wished, '--json']);

    expect({ code, created: JSON.parse(stdout) }).toStrictEqual({
      code: 0,
      created: {
        userId: expect.stringMatching(/^user_/),
        householdId: expect.stringMatching(/^hh_/),
        email: 'tess@example.org',
        password: PASSWORD,
      },
    });
    expect(expectSignedIn(await app.client.signIn('tess')).user).toMatchObject({
      displayName: 'Tess',
    });
  });
});

describe('when the service is in production', () => {
  it('users create --test creates no user', async () => {
    const before = await app.countEvents();

    expect(await create('', [], { LATCHKEY_ENV: 'production' })).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'Test users cannot be created while LATCHKEY_ENV is production.\n',
    });

    expect(await app.countEvents()).toBe(before);
  });
});
