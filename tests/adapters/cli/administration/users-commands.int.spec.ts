import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';
import { expectProblem, expectSignedIn, PASSWORD } from '../../../support/servers/http-client.ts';
import { newMasterKey, runLatchkey } from '../../../support/servers/latchkey-process.ts';
import { openMailbox } from '../../../support/servers/mailbox.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
});
afterAll(() => app.close());

const environment = () => ({
  DATABASE_URL: app.connectionString,
  LATCHKEY_MASTER_KEY: masterKey,
});

const create = (input: string, ...args: string[]) =>
  runCommand(['users', 'create', ...args], environment(), input);

const users = (...args: string[]) => runCommand(['users', ...args], environment());

describe('when users create reads the password from standard input', () => {
  it('the account can sign in over HTTP, and its events name the operator as actor', async () => {
    const account = ['--email', 'Cli@Example.com', '--display-name', 'Cli', '--username', 'Cli'];
    const { code, stdout, stderr } = await runLatchkey(
      ['users', 'create', ...account, '--household-name', 'Terminal'],
      environment(),
      `${PASSWORD}\n`,
    );

    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^created user_[0-9a-z]{26}\n$/);
    const { user } = expectSignedIn(await app.client.signIn('cli', PASSWORD));
    expect(`created ${user.id}\n`).toBe(stdout);
    expect(user).toMatchObject({
      email: 'cli@example.com',
      displayName: 'Cli',
      household: { name: 'Terminal', role: 'owner' },
    });
    const actors = await app.sql(
      "SELECT DISTINCT metadata->>'actor' AS actor FROM events WHERE type <> 'TokenFamilyStarted'",
    );
    expect(actors).toStrictEqual([{ actor: `cli:${userInfo().username}` }]);
  });

  it('refuses a password that is too short, and names the reason', async () => {
    expect(
      await create('short\n', '--email', 'short@example.com', '--display-name', 'S'),
    ).toStrictEqual({ code: 1, stdout: '', stderr: 'Refused: password_too_short.\n' });
  });
});

describe('when users create gets no password', () => {
  it('generates one and shows it once', async () => {
    const { code, stdout } = await create(
      '',
      ...['--email', 'made-up@example.com', '--display-name', 'M', '--json'],
    );

    const created = JSON.parse(stdout);
    expect({ code, created }).toStrictEqual({
      code: 0,
      created: {
        userId: expect.stringMatching(/^user_/),
        householdId: expect.stringMatching(/^hh_/),
        password: expect.stringMatching(/^[\w-]{16}$/),
      },
    });
    expectSignedIn(await app.client.signIn('made-up@example.com', created.password));
  });
});

describe('when users create is given --unverified', () => {
  it('the account can be used at once, and a mail in its language asks to verify the address', async () => {
    const mailbox = openMailbox(app);
    const account = ['--email', 'gerd@example.com', '--display-name', 'Gerd', '--locale', 'de-AT'];

    expect((await create(PASSWORD, ...account, '--unverified')).code).toBe(0);

    const { user, accessToken } = expectSignedIn(await app.client.signIn('gerd@example.com'));
    expect(user).toMatchObject({ emailVerified: false, locale: 'de-AT' });
    const token = await mailbox.tokenTo('gerd@example.com');
    const [mail] = await mailbox.mailsTo('gerd@example.com');
    expect(mail?.html).toContain('lang="de"');
    await app.client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
    expect((await app.client.me(accessToken)).json).toMatchObject({ emailVerified: true });
    await mailbox.stop();
  });

  it('refuses an unknown language and creates nothing', async () => {
    const before = await app.countEvents();
    const account = ['--email', 'no-one@example.com', '--display-name', 'N', '--locale', '??'];

    expect(await create(PASSWORD, ...account)).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'Refused: locale_invalid.\n',
    });

    expect(await app.countEvents()).toBe(before);
  });
});

describe('when an account with that address exists', () => {
  it('users create refuses and creates nothing', async () => {
    const { user } = await app.client.signUp();
    const before = await app.countEvents();

    expect(
      await create(PASSWORD, '--email', user.email.toUpperCase(), '--display-name', 'Other'),
    ).toStrictEqual({ code: 1, stdout: '', stderr: 'Refused: identifier_taken.\n' });

    expect(await app.countEvents()).toBe(before);
  });
});

describe('when an account is deactivated', () => {
  it('loses every token and cannot sign in until it is reactivated', async () => {
    const person = await app.client.signUp();
    const { id, email } = person.user;

    expect(await users('deactivate', id)).toStrictEqual({
      code: 0,
      stdout: `deactivated ${id}\n`,
      stderr: '',
    });

    expectProblem(await app.client.refresh(person.refreshToken), 'refresh_token_invalid');
    expectProblem(await app.client.signIn(email), 'invalid_credentials');
    await expect
      .poll(async () => (await app.client.me(person.accessToken)).status, { timeout: 10_000 })
      .toBe(401);

    expect((await users('deactivate', id)).code).toBe(0);
    expect((await users('reactivate', id)).stdout).toBe(`reactivated ${id}\n`);
    expectSignedIn(await app.client.signIn(email));
    expect(await app.events(`user-${id}`)).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
      'UserDeactivated',
      'UserReactivated',
    ]);
  });
});
