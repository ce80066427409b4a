import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLinkBrowser, type LinkBrowser } from '../../../../support/http/link-browser.ts';
import { expectSignedIn, PASSWORD } from '../../../../support/servers/http-client.ts';
import { type Mailbox, openMailbox } from '../../../../support/servers/mailbox.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

const PATHS = [
  '/verify-email',
  '/reset-password',
  '/confirm-email-change',
  '/undo-email-change',
] as const;
const OTHER_PASSWORD = 'a cow under the stairs';
const SPENT = 'This link is no longer valid';

let app: RunningApp;
let mailbox: Mailbox;
let browser: LinkBrowser;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_REGISTRATION: 'verify-first' });
  mailbox = openMailbox(app);
  browser = createLinkBrowser(app.client);
});
afterAll(async () => {
  await mailbox.stop();
  await app.close();
});
afterEach(() => {
  vi.useRealTimers();
});

let people = 0;

/** Signs up a user whose address is not verified yet. */
const signUp = async (): Promise<{ email: string; token: string }> => {
  people += 1;
  const email = `person${people}@example.com`;
  const body = { email, password: PASSWORD, displayName: 'Ann' };
  expect((await app.client.call('POST', '/v1/users', { body })).status).toBe(202);
  return { email, token: await mailbox.tokenTo(email) };
};

const join = async () => {
  const { email, token } = await signUp();
  await browser.submit('/verify-email', { token });
  return { email, session: expectSignedIn(await app.client.signIn(email)) };
};

const askForReset = async (email: string, mails = 2): Promise<string> => {
  await app.client.call('POST', '/v1/password-resets', { body: { email } });
  return mailbox.tokenTo(email, mails);
};

/** @returns both addresses and the token sent to the new one */
const askForChange = async () => {
  const { email: old, session } = await join();
  const email = `new-${old}`;
  const answer = await app.client.call('PUT', '/v1/me/email', {
    body: { email },
    token: session.accessToken,
  });
  expect(answer.status).toBe(202);
  return { old, email, session, token: await mailbox.tokenTo(email) };
};

const unchanged = async (work: () => Promise<unknown>): Promise<void> => {
  const before = await app.countEvents();
  await work();
  expect(await app.countEvents()).toBe(before);
};

describe('a user who has just signed up', () => {
  it('opens the link, presses the button and can then sign in', async () => {
    const { email, token } = await signUp();
    const page = await browser.open('/verify-email', token);
    expect(page).toMatchObject({ status: 200, heading: 'Confirm your e-mail address' });
    expect((await app.client.signIn(email)).status).toBe(401);

    const done = await browser.press(page);

    expect(done).toMatchObject({ status: 200, heading: 'Your e-mail address is confirmed' });
    expectSignedIn(await app.client.signIn(email));
  });

  it('presses the button twice and sees on the second page that the link was used', async () => {
    const { email, token } = await signUp();
    const pages = await times(2, () => browser.submit('/verify-email', { token }));

    expect(pages.map(({ status }) => status).sort()).toStrictEqual([200, 400]);
    expect(pages.find(({ status }) => status === 400)?.heading).toBe(SPENT);
    expect(await browser.submit('/verify-email', { token })).toMatchObject({
      status: 400,
      heading: SPENT,
    });
    expectSignedIn(await app.client.signIn(email));
  });

  it('sees that the link has expired and stays unverified', async () => {
    const { email, token } = await signUp();
    skipSeconds(24 * 60 * 60);

    await unchanged(async () => {
      const page = await browser.submit('/verify-email', { token });
      expect(page).toMatchObject({ status: 400, heading: SPENT });
    });
    expect((await app.client.signIn(email)).status).toBe(401);
  });
});

describe('a user who has forgotten the password', () => {
  it('chooses a new password, which ends every session', async () => {
    const { email, session } = await join();
    const page = await browser.open('/reset-password', await askForReset(email));
    expect(page).toMatchObject({ status: 200, heading: 'Choose a new password' });

    const done = await browser.press(page, { newPassword: OTHER_PASSWORD });

    expect(done).toMatchObject({ status: 200, heading: 'Your password is changed' });
    expectSignedIn(await app.client.signIn(email, OTHER_PASSWORD));
    expect((await app.client.signIn(email)).status).toBe(401);
    expect((await app.client.me(session.accessToken)).status).toBe(401);
  });

  it('sees the form again until the new password is acceptable', async () => {
    const { email } = await join();
    let page = await browser.open('/reset-password', await askForReset(email));
    for (const [newPassword, words] of [
      ['short', 'This password is too short: it needs at least 8 characters.'],
      ['', 'This password is too short: it needs at least 8 characters.'],
      ['x'.repeat(129), 'This password is too long: it may have at most 128 characters.'],
      ['password123', 'This password is too common. Choose another one.'],
    ] as const) {
      page = await browser.press(page, { newPassword });
      expect(page).toMatchObject({ status: 400, heading: 'Choose a new password', alert: words });
    }

    const password = '  ümläut & 100% +=;  𝒶';
    expect((await browser.press(page, { newPassword: password })).status).toBe(200);
    expectSignedIn(await app.client.signIn(email, password));
  });

  it('cannot choose a password that a sign-in could not repeat', async () => {
    const { email } = await join();
    const token = await askForReset(email);
    await unchanged(async () => {
      for (const newPassword of ['a horse \0 on a staircase', 'a horse \ufffd on a staircase']) {
        const page = await browser.submit('/reset-password', { token, newPassword });
        expect(page).toMatchObject({ status: 400, heading: 'Choose a new password' });
        expect(page.alert).toBe('Something went wrong. Try again in a moment.');
      }
    });
  });
});

describe('a user who changes the e-mail address', () => {
  it('verifies the new address and can then sign in with it', async () => {
    const { old, email, token } = await askForChange();
    const page = await browser.open('/confirm-email-change', token);
    expect(page.heading).toBe('Confirm your new e-mail address');

    const done = await browser.press(page);

    expect(done).toMatchObject({ status: 200, heading: 'Your e-mail address is changed' });
    expectSignedIn(await app.client.signIn(email));
    expect((await app.client.signIn(old)).status).toBe(401);
  });

  it('undoes the change, which invalidates the password', async () => {
    const { old, email, session, token } = await askForChange();
    await browser.submit('/confirm-email-change', { token });
    const page = await browser.open('/undo-email-change', await mailbox.tokenTo(old, 2));
    expect(page.heading).toBe('Undo the change of your e-mail address');

    const done = await browser.press(page);

    expect(done).toMatchObject({ status: 200, heading: 'The change has been undone' });
    expect((await app.client.me(session.accessToken)).status).toBe(401);
    for (const name of [old, email]) expect((await app.client.signIn(name)).status).toBe(401);
    const reset = { token: await mailbox.tokenTo(old, 3), newPassword: OTHER_PASSWORD };
    expect((await browser.submit('/reset-password', reset)).status).toBe(200);
    expectSignedIn(await app.client.signIn(old, OTHER_PASSWORD));
  });
});

describe('a link that is opened without pressing the button', () => {
  it.each(PATHS)('changes nothing with GET or HEAD: %s', async (path) => {
    const { token: verification } = await signUp();
    const { old, token: change } = await askForChange();
    await browser.submit('/confirm-email-change', { token: change });
    const undo = await mailbox.tokenTo(old, 2);
    const reset = await askForReset(`new-${old}`, 2);

    await unchanged(async () => {
      for (const token of [verification, reset, undo]) {
        const query = `${path}?token=${token}`;
        expect((await app.client.call('GET', query)).status).toBe(200);
        expect(await app.client.call('HEAD', query)).toMatchObject({ status: 200, text: '' });
      }
    });
    expect((await browser.submit('/verify-email', { token: verification })).status).toBe(200);
  });
});

describe('a token for one link page presented to another', () => {
  it('is refused there and still works on its own page', async () => {
    const { email, token: verification } = await signUp();
    const { email: other } = await join();
    const tokens: Readonly<Record<string, string>> = {
      '/verify-email': verification,
      '/reset-password': await askForReset(other),
      '/confirm-email-change': (await askForChange()).token,
    };

    await unchanged(async () => {
      for (const [own, token] of Object.entries(tokens)) {
        for (const path of PATHS.filter((path) => path !== own)) {
          const page = await browser.submit(path, { token, newPassword: OTHER_PASSWORD });
          expect(page, `${own} on ${path}`).toMatchObject({ status: 400, heading: SPENT });
        }
      }
    });
    for (const [own, token] of Object.entries(tokens)) {
      const fields = { token, ...(own === '/reset-password' && { newPassword: OTHER_PASSWORD }) };
      expect((await browser.submit(own, fields)).status).toBe(200);
    }
    expectSignedIn(await app.client.signIn(email));
  });
});

describe('the JSON API', () => {
  it('accepts the token of every kind of e-mail verification', async () => {
    const { token } = await askForChange();
    const path = '/v1/email-verifications/confirm';
    expect((await app.client.call('POST', path, { body: { token } })).status).toBe(204);
  });
});
