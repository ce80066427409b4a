import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type SharedHousehold,
  shareHousehold,
  signUpVerified,
} from '../../../../support/households/shared-household.ts';
import { createLinkBrowser, type LinkBrowser } from '../../../../support/http/link-browser.ts';
import { expectProblem, expectSignedIn } from '../../../../support/servers/http-client.ts';
import { type Mailbox, openMailbox } from '../../../../support/servers/mailbox.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

const PATH = '/invitation';
const PASSWORD = 'a cow under the stairs';
const OVER = 'This invitation is over';
const ASKS = 'You are invited to a household';

let app: RunningApp;
let mailbox: Mailbox;
let browser: LinkBrowser;
let flat: SharedHousehold;
let strangers = 0;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_REGISTRATION: 'verify-first' });
  mailbox = openMailbox(app);
  browser = createLinkBrowser(app.client);
});
afterAll(async () => {
  await mailbox.stop();
  await app.close();
});
beforeEach(async () => {
  flat = await shareHousehold(app);
});

/** An address that nobody has an account with. */
const newAddress = (): string => {
  strangers += 1;
  return `stranger-${strangers}@example.com`;
};

const invite = async (email: string, role = 'viewer') => {
  await flat.homes.invite(flat.owner.accessToken, flat.id, email, role);
  return mailbox.tokenTo(email);
};
const isMember = async (userId: string): Promise<boolean> => {
  const { json } = await flat.homes.members(flat.owner.accessToken, flat.id);
  const { members } = json as { members: { userId: string }[] };
  return members.some((member) => member.userId === userId);
};
const preview = (token: string) =>
  app.client.call('POST', '/v1/invitations/read', { body: { token } });
const signUp = (token: string, more: Readonly<Record<string, string>> = {}) =>
  browser.submit(PATH, {
    token,
    decision: 'sign_up',
    displayName: 'Eve',
    newPassword: PASSWORD,
    ...more,
  });

describe('who follows an invitation', () => {
  it('sees who invites to what, and that an account can be made', async () => {
    const email = newAddress();
    const token = await invite(email);
    const page = await browser.open(PATH, token);
    expect(page).toMatchObject({ status: 200, heading: ASKS, alert: undefined });
    expect(page.text).toContain('as a viewer');
    expect(page.text).toContain('name="displayName"');
    expect((await preview(token)).json).toStrictEqual({
      householdName: 'The Flat',
      invitedBy: expect.stringMatching(/^Person \d+$/),
      role: 'viewer',
      email,
      hasAccount: false,
      expiresAt: expect.any(String),
    });
  });

  it('sees names of people as text, whatever they are', async () => {
    const name = '<img src=x onerror=alert(1)>';
    await flat.homes.rename(flat.owner.accessToken, flat.id, name);
    const page = await browser.open(PATH, await invite(newAddress()));
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('changes nothing by looking', async () => {
    const token = await invite(newAddress());
    const before = await app.countEvents();
    await browser.open(PATH, token);
    await preview(token);
    expect(await app.countEvents()).toBe(before);
  });

  it('learns nothing from a token that is none, or for something else', async () => {
    const token = 'A'.repeat(43);
    expect(await browser.open(PATH, token)).toMatchObject({ status: 400, heading: OVER });
    expectProblem(await preview(token), 'token_invalid');
    expect(await browser.get(PATH)).toMatchObject({
      status: 400,
      heading: 'This link is not complete',
    });
  });
});

describe('who has no account', () => {
  it('makes one on the page, is in, and can sign in at once', async () => {
    const email = newAddress();
    const token = await invite(email);
    expect(await signUp(token)).toMatchObject({
      status: 200,
      heading: 'Welcome to the household',
    });
    const { user } = expectSignedIn(await app.client.signIn(email, PASSWORD));
    expect(user).toMatchObject({ email, emailVerified: true });
    expect(await isMember(user.id)).toBe(true);
    expect(await signUp(token)).toMatchObject({ status: 400, heading: OVER });
  });

  it('is shown the form once more, with the name still in it, when the password is no good', async () => {
    const email = newAddress();
    const token = await invite(email);
    const page = await signUp(token, { newPassword: 'short', displayName: 'E & "F"' });
    expect(page).toMatchObject({ status: 400, heading: ASKS });
    expect(page.alert).toContain('too short');
    expect(page.text).toContain('value="E &amp; &quot;F&quot;"');
    expect((await signUp(token)).status).toBe(200);
  });

  it('cannot accept with an account that is not there', async () => {
    const token = await invite(newAddress());
    const page = await browser.submit(PATH, { token, decision: 'accept' });
    expect(page).toMatchObject({ status: 400, heading: ASKS });
  });
});

describe('who has an account', () => {
  it('accepts by pressing the button, without signing in', async () => {
    const guest = await signUpVerified(app);
    const token = await invite(guest.user.email);
    const page = await browser.open(PATH, token);
    expect(page.text).not.toContain('name="newPassword"');
    expect(await browser.press(page, { decision: 'accept' })).toMatchObject({ status: 200 });
    expect(await isMember(guest.user.id)).toBe(true);
  });

  it('gets no second one by the form of those who have none', async () => {
    const guest = await signUpVerified(app);
    const token = await invite(guest.user.email);
    expect((await signUp(token)).status).toBe(409);
    expect(await isMember(guest.user.id)).toBe(false);
  });

  it('declines, and that is that', async () => {
    const guest = await signUpVerified(app);
    const token = await invite(guest.user.email);
    const page = await browser.submit(PATH, { token, decision: 'decline' });
    expect(page).toMatchObject({ status: 200, heading: 'The invitation is declined' });
    expect(await browser.open(PATH, token)).toMatchObject({ status: 400, heading: OVER });
    expect(await isMember(guest.user.id)).toBe(false);
  });

  it('reads German where the browser asks for it', async () => {
    const token = await invite(newAddress());
    const page = await browser.get(`${PATH}?token=${token}`, { 'accept-language': 'de-AT' });
    expect(page).toMatchObject({ lang: 'de', heading: 'Du bist in einen Haushalt eingeladen' });
  });
});
