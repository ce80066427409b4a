import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectProblem,
  expectSignedIn,
  PASSWORD,
} from '../../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../../support/servers/latchkey-process.ts';
import { type Mailbox, openMailbox } from '../../../../support/servers/mailbox.ts';
import {
  type RunningApp,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';
import { outcomes } from '../../../../support/servers/two-servers.ts';

const BY_MAIL = 'known to the owner only';
const MANY = 100;

describe('a user with a hundred sessions at two processes', () => {
  let one: RunningApp;
  let two: RunningApp;
  let mailbox: Mailbox;

  beforeAll(async () => {
    const LATCHKEY_MASTER_KEY = newMasterKey();
    one = await startRunningApp({ LATCHKEY_MASTER_KEY });
    two = await startRunningApp({ LATCHKEY_MASTER_KEY }, one);
    mailbox = openMailbox(one);
  });
  afterAll(async () => {
    await mailbox?.stop();
    await two?.close();
    await one?.close();
  });

  const reset = (token: string, via: RunningApp) =>
    via.client.call('POST', '/v1/password-resets/confirm', {
      body: { token, newPassword: BY_MAIL },
    });

  const unrevoked = async () => {
    const rows = await one.sql(`SELECT FROM events AS e WHERE type = 'TokenFamilyStarted'
      AND NOT EXISTS (SELECT FROM events AS r
        WHERE r.stream_id = e.stream_id AND r.type = 'TokenFamilyRevoked')`);
    return rows.length;
  };

  const refusePasswords = () =>
    one.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the process died here'; END $$;
      CREATE TRIGGER refuse_passwords BEFORE INSERT ON events FOR EACH ROW
        WHEN (NEW.type = 'PasswordChanged') EXECUTE FUNCTION refuse()`);

  it('has no session left after a password reset, which can be repeated if the process died in it', async () => {
    const { user, refreshToken } = await one.client.signUp();
    const sessions = await times(MANY - 1, (n) =>
      (n % 2 === 0 ? one : two).client.signIn(user.email).then(expectSignedIn),
    );
    expect(await unrevoked()).toBe(MANY);
    await one.client.call('POST', '/v1/password-resets', { body: { email: user.email } });
    const token = await mailbox.tokenTo(user.email, 2);

    await refusePasswords();
    expect((await reset(token, one)).status).toBe(500);
    // The sessions beyond the first statement have ended; the password is unchanged.
    expect(await unrevoked()).toBe(64);
    expect(await one.events()).not.toContain('PasswordChanged');
    await one.sql('DROP TRIGGER refuse_passwords ON events');

    expect((await reset(token, two)).status).toBe(204);
    const late = await one.sql(
      `SELECT FROM events AS r JOIN events AS p ON p.type = 'PasswordChanged'
        WHERE r.type = 'TokenFamilyRevoked' AND r.transaction_id > p.transaction_id`,
    );
    expect(late).toStrictEqual([]);
    expect(await unrevoked()).toBe(0);
    const refreshed = await Promise.all(
      [refreshToken, ...sessions.map((pair) => pair.refreshToken)].map((each, n) =>
        (n % 2 === 0 ? one : two).client.refresh(each),
      ),
    );
    expect(outcomes(refreshed)).toStrictEqual({ refresh_token_invalid: MANY });
    expectProblem(await one.client.signIn(user.email), 'invalid_credentials');
    expectSignedIn(await two.client.signIn(user.email, BY_MAIL));
  });
});

describe('an address that was never verified', () => {
  let app: RunningApp;
  let mailbox: Mailbox;

  beforeAll(async () => {
    app = await startRunningApp();
    mailbox = openMailbox(app);
  });
  afterAll(async () => {
    await mailbox?.stop();
    await app?.close();
  });

  it('gets no mail that could undo the change to another address', async () => {
    const { user, accessToken: token } = await app.client.signUp();
    await mailbox.tokenTo(user.email);
    const email = 'proven@example.com';
    await app.client.call('PUT', '/v1/me/email', { token, body: { email, password: PASSWORD } });
    const body = { token: await mailbox.tokenTo(email) };
    const changed = await app.client.call('POST', '/v1/email-verifications/confirm', { body });
    expect(changed.status).toBe(204);

    // A mail to the old address would have been sent before this one.
    await app.client.call('POST', '/v1/password-resets', { body: { email } });
    await mailbox.tokenTo(email, 2);
    expect(await mailbox.mailsTo(user.email)).toHaveLength(1);
    const again = await app.client.call('POST', '/v1/users', {
      body: { email: user.email, password: PASSWORD, displayName: 'Whose it is' },
    });
    expectSignedIn(again);
  });
});

describe('an address that others enter as their own', () => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await startRunningApp({ LATCHKEY_RATE_LIMITS: 'on' });
  });
  afterAll(() => app?.close());

  it('gets at most thirty mails an hour, from whichever client they are requested', async () => {
    const victim = 'victim@example.com';
    const strangers = [await app.client.signUp(), await app.client.signUp()];
    const ask = (n: number, email = victim) =>
      app.client.call('PUT', '/v1/me/email', {
        token: strangers[n % 2]?.accessToken ?? '',
        body: { email },
      });
    for (let n = 0; n < 30; n += 1) expect((await ask(n)).status).toBe(202);
    expectProblem(await ask(30), 'rate_limited');
    expectProblem(await ask(31, ' Victim@Example.COM'), 'rate_limited');
    expect((await ask(32, 'another@example.com')).status).toBe(202);
    const requested = (await app.events()).filter((type) => type === 'EmailChangeRequested');
    expect(requested).toHaveLength(31);
  });
});
