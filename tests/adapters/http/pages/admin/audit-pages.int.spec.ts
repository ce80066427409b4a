import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import {
  expireAccessCookie,
  launchBrowser,
  overflows,
  violationsIn,
} from '../../../../support/http/browser.ts';
import { expectPair, PASSWORD, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

const THIEF = 'Mozilla/5.0 (X11; Linux x86_64) Thief/1.0';

let app: RunningApp;
let browser: Browser;
let folder: string;
let admin: SignedIn;
let victim: SignedIn;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:4000' });
  admin = await signUpAdmin(app, { displayName: 'Ada Auditor' });
  victim = await app.client.signUp({ displayName: 'Vera Victim' });
  await stealFrom(victim);
  await app.client.signIn(victim.user.email, 'a wrong horse');
  browser = await launchBrowser();
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-pages-'));
});
afterAll(async () => {
  await browser.close();
  await app.close();
  await rm(folder, { recursive: true });
});

/** A thief copies the token of generation 1 and uses it until the owner presents it again. */
const stealFrom = async (person: SignedIn): Promise<void> => {
  const { client } = app;
  const [, copied = person] = await client.rotate(person, 1);
  let pair = expectPair(await client.refresh(copied.refreshToken, THIEF));
  const call = (method: string, where: string, body: object) =>
    client.call(method, where, { token: pair.accessToken, body, agent: THIEF });
  await call('PATCH', '/v1/me', { displayName: 'Not Vera' });
  await call('PUT', '/v1/me/email', { email: 'thief@example.com', password: PASSWORD });
  for (let n = 0; n < 6; n += 1) {
    pair = expectPair(await client.refresh(pair.refreshToken, THIEF));
  }
  await call('PATCH', '/v1/me', { username: `vera_${Date.now()}` });
  await client.refresh(copied.refreshToken);
};

const newPage = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => {
  const context = await browser.newContext({ baseURL: app.url, ...options });
  return context.newPage();
};

/** Performs `act`, which leads to another page, and waits until that is loaded. */
const lead = async (page: Page, act: () => Promise<void>): Promise<void> => {
  const loaded = page.waitForEvent('load');
  await act();
  await loaded;
};

const signIn = async (page: Page, who: SignedIn = admin): Promise<void> => {
  await page.getByLabel('E-mail address or username').fill(who.user.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await lead(page, () => page.keyboard.press('Enter'));
};

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const where = (page: Page): string => page.url().slice(app.url.length);
const familyPath = () => `/admin/audit/token-families/${victim.sessionId}`;

describe('an administrator with a browser', () => {
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    context = await browser.newContext({ baseURL: app.url });
    page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(() => context.close());

  it('signs in and gets to the requested page', async () => {
    await page.goto('/admin/audit/thefts');
    expect(await heading(page)).toBe('Sign in');
    await signIn(page);
    expect(where(page)).toBe('/admin/audit/thefts');
    expect(await heading(page)).toBe('Thefts of refresh tokens');
  });

  it('finds the theft in its list and among the recent security events', async () => {
    await lead(page, () => page.getByRole('link', { name: 'Audit', exact: true }).click());
    const thefts = page.getByRole('table', { name: 'Thefts' }).getByRole('row');
    expect(await thefts.count()).toBe(2);
    const row = await thefts.nth(1).getByRole('cell').allTextContents();
    expect(row.slice(2)).toStrictEqual([
      `${victim.user.id.slice(0, 8)}…${victim.user.id.slice(-6)}`,
      expect.stringMatching(
        /^generation 1, while generation 8 had been live for (less than a second|\d+ seconds?)$/,
      ),
      'the token was two or more rotations old',
    ]);
    const events = page.getByRole('table', { name: 'Recent security events' });
    expect(await events.getByRole('row').nth(1).getByRole('cell').nth(1).textContent()).toBe(
      'Sign in failed',
    );
  });

  it('opens the session with the keyboard alone and reads the verdict', async () => {
    await page.goto('/admin/audit');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await lead(page, () => page.keyboard.press('Enter'));

    expect(where(page)).toBe(familyPath());
    const verdict = (await page.locator('.verdict').textContent())?.replace(/\s+/g, ' ');
    expect(verdict).toMatch(
      /^Theft\. On \d+ \w+ \d{4}, [\d:]{8} UTC a client at 127\.0\.0\.1 \(Laptop\/1\.0 \(tests\)\) presented generation 1, superseded (?:less than a|\d+) seconds? before, while the live token, generation 8, was held by the client at 127\.0\.0\.1 \(Mozilla\/5\.0 \(X11; Linux x86_64\) Thief\/1\.0\)\. Reason: the token was two or more rotations old\. One of the two clients used a stolen token, so the session was ended immediately\. Proven\. All 10 decisions of this session had the same result, bit by bit, when repeated from the log\.$/,
    );
  });

  it('sees the history of the session as a picture whose shapes have names', async () => {
    const picture = page.getByRole('group', { name: 'The history of the session' });
    const shapes = await picture
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('aria-label')));
    expect(shapes.map((name) => name?.replace(/, \d+ \w+ \d{4}, .*$/, ''))).toStrictEqual([
      'Signed in: generation 0',
      'Token exchanged: generation 1',
      'Token exchanged: generation 2',
      `Action 1: The display name of ${victim.user.id} was changed.`,
      `Action 2: A change of the e-mail address of ${victim.user.id} was requested.`,
      '5 rotations',
      'Token exchanged: generation 8',
      `Action 3: The username of ${victim.user.id} was changed.`,
      'Superseded token presented: generation 1',
      'Session ended',
    ]);
    const bars = await picture
      .getByRole('img')
      .evaluateAll((images) => images.map((image) => image.getAttribute('aria-label')));
    expect(bars).toStrictEqual([
      'The session, ended',
      'Access token .0, revoked before it expired',
      'Access token .1, revoked before it expired',
      'Access token .2, revoked before it expired',
      'Access tokens, 5 of them, revoked before it expired',
      'Access token .8, revoked before it expired',
    ]);
  });

  it('follows a shape to its row in the tables', async () => {
    await page.getByRole('link', { name: /^Superseded token presented/ }).focus();
    await page.keyboard.press('Enter');
    const row = page.locator('tr:target').getByRole('cell');
    expect((await row.allTextContents()).slice(2)).toStrictEqual([
      'Superseded token presented: generation 1',
      '127.0.0.1\nLaptop/1.0 (tests)',
      '–',
    ]);
    const table = (name: string) => page.getByRole('table', { name }).getByRole('row').count();
    expect(await table('Every event')).toBe(1 + 11);
    expect(await table('Actions after the split')).toBe(1 + 3);
    expect(await table('Access tokens')).toBe(1 + 9);
  });

  it('continues without a sign-in when the access token has expired', async () => {
    await expireAccessCookie(context);
    await lead(page, () => page.getByRole('link', { name: victim.user.id }).first().click());
    expect(await heading(page)).toBe('User Not Vera');
  });

  it('signs out, after which the browser has no cookie or page left', async () => {
    await lead(page, () => page.getByRole('button', { name: 'Sign out' }).click());
    expect(await page.getByRole('status').textContent()).toBe('You have signed out.');
    expect(await context.cookies()).toStrictEqual([]);
    await page.goBack();
    await page.reload();
    expect(await heading(page)).toBe('Sign in');
  });

  it('gets no error or warning in the browser console', () => {
    expect(complaints).toStrictEqual([]);
  });
});

describe('a user who is not an administrator with a browser', () => {
  it('is signed out again and sees the reason', async () => {
    const page = await newPage();
    await page.goto('/admin/audit');
    await signIn(page, await app.client.signUp());
    expect(await page.getByRole('alert').textContent()).toBe(
      'This account is not an administrator. You have been signed out.',
    );
    expect(await page.context().cookies()).toStrictEqual([]);
    await page.context().close();
  });
});

describe('every admin page', () => {
  let page: Page;
  beforeAll(async () => {
    page = await newPage();
  });
  afterAll(() => page.context().close());

  /** Light and dark differ only by their colours. */
  const looks = [
    { colorScheme: 'light', width: 1_280, about: 'everything' },
    { colorScheme: 'light', width: 360, about: 'everything' },
    { colorScheme: 'dark', width: 360, about: 'colours' },
    { colorScheme: 'dark', width: 1_280, about: 'colours' },
  ] as const;

  it.each([
    ['the sign-in form', () => '/admin/sign-in'],
    ['the audit', () => '/admin/audit'],
    ['a session', familyPath],
    ['a user', () => `/admin/audit/users/${victim.user.id}`],
    ['a refusal', () => '/admin/audit/users/nobody'],
  ])(
    'is accessible and fits the window, light and dark, wide and narrow: %s',
    async (name, pathOf) => {
      await page.goto(pathOf());
      if (name !== 'the sign-in form' && (await heading(page)) === 'Sign in') await signIn(page);
      for (const { colorScheme, width, about } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        const look = `${name}, ${colorScheme}, ${width}`;
        expect(await violationsIn(page, about), look).toStrictEqual([]);
        expect(await overflows(page), look).toBe(false);
        const file = path.join(folder, `${look}.png`);
        await page.screenshot({ path: file, fullPage: true });
        // A blank page has a tenth of that size.
        expect((await stat(file)).size, look).toBeGreaterThan(5_000);
      }
    },
  );

  it('uses the requested colour scheme', async () => {
    await page.goto('/admin/sign-in');
    const ground = 'getComputedStyle(document.documentElement).backgroundColor';
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.evaluate(ground)).toBe('rgb(244, 245, 247)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await page.evaluate(ground)).toBe('rgb(14, 18, 24)');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(ground)).toBe('rgba(0, 0, 0, 0)');
  });
});
