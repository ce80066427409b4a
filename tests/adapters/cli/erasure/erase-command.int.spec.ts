import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import { expectProblem } from '../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
});
afterAll(() => app.close());

const latchkey = (...args: string[]) =>
  runCommand(args, { DATABASE_URL: app.connectionString, LATCHKEY_MASTER_KEY: masterKey });

const refused = (code: string) => ({ code: 1, stdout: '', stderr: `Refused: ${code}.\n` });

describe('latchkey users erase', () => {
  it('refuses without --yes', async () => {
    const { user } = await app.client.signUp();
    const before = await app.countEvents();
    const { code, stdout } = await latchkey('users', 'erase', user.id);
    expect([code, stdout]).toStrictEqual([2, '']);
    expect(await app.countEvents()).toBe(before);
  });

  it('erases by address, and a second time by id without another event', async () => {
    const { user, accessToken } = await app.client.signUp();
    const done = { code: 0, stdout: `erased ${user.id}\n`, stderr: '' };
    expect(await latchkey('users', 'erase', user.email, '--yes')).toStrictEqual(done);
    expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    const [last] = await app.sql(
      "SELECT metadata->>'actor' AS actor FROM events WHERE stream_id = $1 AND type = 'UserErased'",
      `user-${user.id}`,
    );
    expect(last).toStrictEqual({ actor: `cli:${userInfo().username}` });
    const before = await app.countEvents();
    expect(await latchkey('users', 'erase', user.id, '--yes')).toStrictEqual(done);
    expect(await app.countEvents()).toBe(before);
  });

  it('refuses an unknown user', async () => {
    const answer = await latchkey('users', 'erase', 'nobody@example.com', '--yes');
    expect(answer).toStrictEqual(refused('user_not_found'));
  });
});

describe('latchkey cleanup', () => {
  it('erases accounts that were not verified within thirty days, and no others', async () => {
    const { requestRegistration } = app.get(tokens.http).registration;
    for (const name of ['old', 'young']) {
      const email = `${name}@example.com`;
      const account = { email, password: 'a horse on a staircase', displayName: name };
      await requestRegistration(account, visitor);
    }
    await app.client.signUp({ email: 'proven@example.com' });
    const aged = "created_at = now() - interval '30 days 1 minute'";
    await app.sql(`UPDATE users SET ${aged} WHERE pending_email = 'old@example.com'`);
    await app.sql(`UPDATE users SET ${aged} WHERE email = 'proven@example.com'`);
    const { stdout } = await latchkey('cleanup', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ pending_accounts: 1 });
    const left = await app.sql(
      `SELECT coalesce(pending_email, email) AS email FROM users
        WHERE pending_email IS NOT NULL OR email = 'proven@example.com' ORDER BY 1`,
    );
    expect(left).toStrictEqual([{ email: 'proven@example.com' }, { email: 'young@example.com' }]);
    const erased = await app.sql(
      "SELECT metadata->>'actor' AS actor FROM events WHERE type = 'UserErased' ORDER BY global_position DESC LIMIT 1",
    );
    expect(erased).toStrictEqual([{ actor: 'system' }]);
  });
});
