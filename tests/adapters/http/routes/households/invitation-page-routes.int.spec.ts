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
const OVER = 'This invitation is no longer valid';
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

/** An address without an account. */
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

describe('the page of an invitation', () => {
  it('shows inviter, household and role, and offers a sign-up', async () => {
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

  it('escapes names that users chose', async () => {
    const name = '<img src=x onerror=alert(1)>';
    await flat.homes.rename(flat.owner.accessToken, flat.id, name);
    const page = await browser.open(PATH, await invite(newAddress()));
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('changes nothing when opened', async () => {
    const token = await invite(newAddress());
    const before = await app.countEvents();
    await browser.open(PATH, token);
    await preview(token);
    expect(await app.countEvents()).toBe(before);
  });

  it('shows nothing for an invalid token or one of another kind', async () => {
    const token = 'A'.repeat(43);
    expect(await browser.open(PATH, token)).toMatchObject({ status: 400, heading: OVER });
    expectProblem(await preview(token), 'token_invalid');
    expect(await browser.get(PATH)).toMatchObject({
      status: 400,
      heading: 'This link is not complete',
    });
  });
});

describe('an invited person without an account', () => {
  it('creates an account on the page, becomes a member and can sign in at once', async () => {
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

  it('sees the form again with the typed name when the password is refused', async () => {
    const email = newAddress();
    const token = await invite(email);
    const page = await signUp(token, { newPassword: 'short', displayName: 'E & "F"' });
    expect(page).toMatchObject({ status: 400, heading: ASKS });
    expect(page.alert).toContain('too short');
    expect(page.text).toContain('value="E &amp; &quot;F&quot;"');
    expect((await signUp(token)).status).toBe(200);
  });

  it('cannot accept without creating an account', async () => {
    const token = await invite(newAddress());
    const page = await browser.submit(PATH, { token, decision: 'accept' });
    expect(page).toMatchObject({ status: 400, heading: ASKS });
  });
});

describe('an invited person with an account', () => {
  it('accepts with the button, without a sign-in', async () => {
    const guest = await signUpVerified(app);
    const token = await invite(guest.user.email);
    const page = await browser.open(PATH, token);
    expect(page.text).not.toContain('name="newPassword"');
    expect(await browser.press(page, { decision: 'accept' })).toMatchObject({ status: 200 });
    expect(await isMember(guest.user.id)).toBe(true);
  });

  it('cannot create a second account with the sign-up form', async () => {
    const guest = await signUpVerified(app);
    const token = await invite(guest.user.email);
    expect((await signUp(token)).status).toBe(409);
    expect(await isMember(guest.user.id)).toBe(false);
  });

  it('declines, after which the invitation is no longer valid', async () => {
    const guest = await signUpVerified(app);
    const token = await invite(guest.user.email);
    const page = await browser.submit(PATH, { token, decision: 'decline' });
    expect(page).toMatchObject({ status: 200, heading: 'You have declined the invitation' });
    expect(await browser.open(PATH, token)).toMatchObject({ status: 400, heading: OVER });
    expect(await isMember(guest.user.id)).toBe(false);
  });

  it('sees the page in German if the browser prefers it', async () => {
    const token = await invite(newAddress());
    const page = await browser.get(`${PATH}?token=${token}`, { 'accept-language': 'de-AT' });
    expect(page).toMatchObject({ lang: 'de', heading: 'Du bist in einen Haushalt eingeladen' });
  });
});
