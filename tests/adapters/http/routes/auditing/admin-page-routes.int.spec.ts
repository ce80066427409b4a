import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { createAdminBrowser } from '../../../../support/administration/admin-browser.ts';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import { expectPair, type SignedIn } from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_PUBLIC_URL: 'https://example.test/auth' });
  admin = await signUpAdmin(app, { displayName: '<i>Ada</i>' });
});
afterAll(() => app.close());
afterEach(() => {
  vi.useRealTimers();
});

const ACCESS = '__Secure-latchkey_access';
const REFRESH = '__Secure-latchkey_refresh';
const ATTRIBUTES = 'Path=/auth/admin; HttpOnly; SameSite=Strict; Secure';
const CLEARED = [`${ACCESS}=; ${ATTRIBUTES}; Max-Age=0`, `${REFRESH}=; ${ATTRIBUTES}; Max-Age=0`];

const newBrowser = () => createAdminBrowser(app.client);

const signedIn = async ({ user }: SignedIn = admin) => {
  const browser = newBrowser();
  expect(await browser.signIn(user.email)).toMatchObject({ status: 303 });
  return browser;
};

const sessionsOf = async ({ user }: SignedIn) =>
  (await app.get(tokens.sessions).listLive(user.id, new Date().toISOString())).map(
    ({ deviceName }) => deviceName,
  );

describe('an admin page without a session', () => {
  it.each([
    ['/admin', 'admin/sign-in?next=audit'],
    ['/admin/audit', './sign-in?next=audit'],
    ['/admin/audit/thefts?cursor=x', '../sign-in?next=audit%2Fthefts'],
    [
      '/admin/audit/token-families/00000000-0000-4000-8000-000000000000',
      '../../sign-in?next=audit%2Ftoken-families%2F00000000-0000-4000-8000-000000000000',
    ],
    ['/admin/audit/users/%2f%2fevil.test', '../../sign-in?next=audit'],
  ])('redirects %s to the sign-in form, below any path prefix of a proxy', async (path, to) => {
    const { status, headers, text } = await newBrowser().get(path);
    expect({ status, location: headers.location, text }).toStrictEqual({
      status: 303,
      location: to,
      text: '',
    });
  });

  it.each([
    `${ACCESS}=x.y.z; ${REFRESH}=lkr_forged`,
    `${REFRESH}=${'a'.repeat(4_097)}; ${ACCESS}=""`,
    `${ACCESS}=%00; ${REFRESH}=<script>`,
    ';;=;=x;latchkey_access=x',
  ])('ignores the invalid cookie %s', async (cookie) => {
    const before = await app.countEvents();
    expect(await newBrowser().get('/admin/audit', { cookie })).toMatchObject({ status: 303 });
    expect(await app.countEvents()).toBe(before);
  });

  it('offers a link to continue when the request comes from another site', async () => {
    const [path, headers] = [
      '/admin/sign-in?next=audit/thefts',
      { 'sec-fetch-site': 'cross-site' },
    ];
    expect((await newBrowser().get(path, headers)).text).toContain(
      '<a href="./audit/thefts">Continue</a>',
    );
    expect((await newBrowser().get(path)).text).not.toContain('Continue');
  });

  it('ignores an access token in a header', async () => {
    const { status } = await app.client.call('GET', '/admin/audit', { token: admin.accessToken });
    expect(status).toBe(303);
  });
});

describe('the admin sign-in form', () => {
  it('sets cookies limited to the admin pages, unreadable for scripts and never sent by other sites', async () => {
    const browser = newBrowser();
    const { status, headers, text } = await browser.signIn(admin.user.email);

    expect({ status, location: headers.location, text }).toStrictEqual({
      status: 303,
      location: './audit',
      text: '',
    });
    expect(headers['set-cookie']).toStrictEqual([
      expect.stringMatching(
        new RegExp(`^${ACCESS}=[\\w-]+\\.[\\w-]+\\.[\\w-]+; ${ATTRIBUTES}; Max-Age=600$`),
      ),
      expect.stringMatching(new RegExp(`^${REFRESH}=lkr_[\\w-]{94}; ${ATTRIBUTES}$`)),
    ]);
    expect(headers['cache-control']).toBe('no-store');
    expect(await sessionsOf(admin)).toContain('Audit pages');
  });

  it.each([
    ['audit/thefts', './audit/thefts'],
    ['//evil.test', './audit'],
    ['https://evil.test/', './audit'],
    ['audit/../../evil', './audit'],
    ['audit/users/x\r\nset-cookie: a=b', './audit'],
  ])('redirects to %j only if it is an admin page', async (next, location) => {
    const answer = await newBrowser().signIn(admin.user.email, { next });
    expect(answer.headers.location).toBe(location);
  });

  it('refuses a wrong password and keeps the typed identifier', async () => {
    const answer = await newBrowser().signIn('"><b>nobody', { password: 'a wrong horse' });
    expect(answer).toMatchObject({
      status: 401,
      heading: 'Sign in',
      notice: 'The e-mail address or username and the password do not match.',
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.text).toContain('value="&quot;&gt;&lt;b&gt;nobody"');
    expect(answer.text).not.toContain('a wrong horse');
  });

  it('signs out a user who is not an administrator', async () => {
    const person = await app.client.signUp();
    const browser = newBrowser();
    const answer = await browser.signIn(person.user.email);
    expect(answer).toMatchObject({
      status: 403,
      notice: 'This account is not an administrator. You have been signed out.',
    });
    expect(answer.headers['set-cookie']).toStrictEqual(CLEARED);
    expect(await sessionsOf(person)).toStrictEqual([null]);
  });

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.test' },
    { origin: 'null' },
  ])('refuses a request sent by another site: %j', async (headers) => {
    const before = await app.countEvents();
    const fields = { identifier: admin.user.email, password: 'a horse on a staircase' };
    const answer = await newBrowser().post('/admin/sign-in', fields, headers);
    expect(answer).toMatchObject({
      status: 403,
      notice: 'Another site sent this request, so it was not carried out.',
    });
    expect(await app.countEvents()).toBe(before);
  });

  it.each([{ origin: 'https://example.test' }, {}])(
    'accepts a request sent by its own page or by no page: %j',
    async (headers) => {
      const fields = { identifier: admin.user.email, password: 'a horse on a staircase' };
      expect((await newBrowser().post('/admin/sign-in', fields, headers)).status).toBe(303);
    },
  );

  it.each(['', 'identifier=x', 'identifier=x&password=y&role=admin', 'identifier=%00&password=y'])(
    'is shown again after %j',
    async (raw) => {
      const answer = await app.client.call('POST', '/admin/sign-in', {
        raw,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('That did not work. Try again.');
    },
  );
});

describe('the admin pages of a signed-in administrator', () => {
  it('are not cached, run no script and load no other resource', async () => {
    const { status, headers, text } = await (await signedIn()).get('/admin/audit');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none';style-src 'sha256-[\w+/=]{44}';img-src data:;form-action 'self';base-uri 'none';frame-ancestors 'none'$/,
      ),
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(text).toContain('&lt;i&gt;Ada&lt;/i&gt;');
    expect(text).not.toMatch(/<script|\son\w+=|style="|https?:\/\/(?!www\.w3\.org)/);
  });

  it('renew an expired access token silently, for two tabs at once', async () => {
    const browser = await signedIn();
    const refresh = browser.cookies.get(REFRESH);
    skipSeconds(3_600);

    const answers = await Promise.all([browser.get('/admin/audit'), browser.get('/admin/audit')]);

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200]);
    expect(browser.cookies.get(REFRESH)).not.toBe(refresh);
    expect((await browser.get('/admin/audit')).headers['set-cookie']).toBeUndefined();
  });

  it('renew the access token for a tab whose answer was lost', async () => {
    const browser = await signedIn();
    const cookie = `${REFRESH}=${browser.cookies.get(REFRESH)}`;
    const tab = newBrowser();
    await tab.get('/admin/audit', { cookie });
    const late = newBrowser();
    expect((await late.get('/admin/audit', { cookie })).status).toBe(200);
    expect(late.cookies.get(REFRESH)).toBe(tab.cookies.get(REFRESH));
  });

  it('end the session when another client has used the refresh token', async () => {
    const browser = await signedIn();
    const stolen = browser.cookies.get(REFRESH) ?? '';
    await app.client.rotate(expectPair(await app.client.refresh(stolen, 'Thief/1.0')), 1);
    browser.cookies.delete(ACCESS);

    const answer = await browser.get('/admin/audit');

    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']).toStrictEqual(CLEARED);
  });

  it('revoke the tokens at the sign-out', async () => {
    const browser = await signedIn();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

    const answer = await browser.post('/admin/sign-out', {});

    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('./sign-in?signed-out');
    expect(answer.headers['set-cookie']).toStrictEqual(CLEARED);
    expect((await browser.get('/admin/sign-in?signed-out')).notice).toBe('You have signed out.');
    expect((await newBrowser().get('/admin/audit', { cookie })).status).toBe(303);
  });

  it('ignore a sign-out sent by another site', async () => {
    const browser = await signedIn();
    const answer = await browser.post('/admin/sign-out', {}, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
    expect((await browser.get('/admin/audit')).status).toBe(200);
  });
});

describe('the admin pages of a former administrator', () => {
  it.each(['changeRole', 'deactivateUser'] as const)(
    'are all refused, and the session ends: %s',
    async (how) => {
      const person = await signUpAdmin(app);
      const browser = await signedIn(person);
      const { id: userId } = person.user;
      if (how === 'changeRole') await app.get(tokens.changeRole)({ userId, role: 'user' }, visitor);
      else await app.sql('UPDATE users SET is_active = false WHERE id = $1', userId);

      const answer = await browser.get('/admin/audit');

      expect(answer).toMatchObject({ status: 403, heading: 'Administrators only' });
      expect(answer.headers['set-cookie']).toStrictEqual(CLEARED);
      expect(answer.text).not.toContain('<table');
      expect(await sessionsOf(person)).toStrictEqual([null]);
      expect((await browser.get('/admin/audit')).status).toBe(303);
    },
  );
});

describe('the admin page of an erased user', () => {
  it('still shows the events, but no personal data', async () => {
    const person = await app.client.signUp({ displayName: 'Vera Victim' });
    await app.client.rotate(person, 2);
    await app.client.refresh(person.refreshToken, 'Thief/1.0');
    const { id: userId } = person.user;
    await app.get(tokens.eraseUser)({ userId, granted: null }, visitor);
    const browser = await signedIn();

    const user = await browser.get(`/admin/audit/users/${userId}`);
    const family = await browser.get(`/admin/audit/token-families/${person.sessionId}`);

    expect(user).toMatchObject({ status: 200, heading: `User ${userId}` });
    expect(user.text).toContain('This account no longer exists');
    expect(user.text).toContain('User erased');
    expect(family.text).toContain('a client at <bdi>[erased]</bdi> (<bdi>[erased]</bdi>)');
    expect(family.text).toContain('<strong>Proven.</strong>');
    for (const text of [user.text, family.text]) {
      expect(text).not.toMatch(/Vera|Thief|Laptop|127\.0\.0\.1|person-/);
    }
  });
});

describe('the lists on the admin pages', () => {
  it('have pages whose cursors work only for the same viewer', async () => {
    const { user, accessToken: token } = await app.client.signUp();
    for (let n = 0; n < 55; n += 1) {
      const body = { displayName: `Name ${n}` };
      await app.client.call('PATCH', '/v1/me', { token, body });
    }
    const browser = await signedIn();
    const path = `/admin/audit/users/${user.id}`;
    const first = await browser.get(path);
    const older = /<a href="\?cursor=([^"]+)" rel="next">/.exec(first.text)?.[1] ?? '';
    const second = await browser.get(`${path}?cursor=${older}`);

    expect(first.text.match(/Display name changed/g)).toHaveLength(50);
    expect(second.text.match(/Display name changed/g)).toHaveLength(5);
    expect(second.text).toContain('User registered');
    expect(second.text).not.toContain('rel="next"');
    expect(await browser.get(`/admin/audit/users/${admin.user.id}?cursor=${older}`)).toMatchObject({
      status: 400,
      heading: 'Not found',
    });
  });
});

describe('an admin page for an unknown subject', () => {
  it.each([
    ['/admin/audit/token-families/00000000-0000-4000-8000-000000000000', 404],
    ['/admin/audit/token-families/x', 400],
    ['/admin/audit/users/user_00000000000000000000000000', 404],
    ['/admin/audit/users/%3Cb%3E', 400],
    ['/admin/audit?cursor=x', 400],
    ['/admin/audit?role=admin', 400],
  ])('says that it is not found: %s', async (path, status) => {
    const answer = await (await signedIn()).get(path);
    expect(answer).toMatchObject({ status, heading: 'Not found' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});

describe('text that users wrote', () => {
  it('is escaped on the admin pages', async () => {
    const person = await app.client.signUp();
    await app.client.rotate(person, 2);
    await app.client.refresh(person.refreshToken, '<script>alert(1)</script>"');

    const { status, text } = await (await signedIn()).get(
      `/admin/audit/token-families/${person.sessionId}`,
    );

    expect(status).toBe(200);
    expect(text).toContain('<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;</bdi>');
    expect(text).not.toContain('<script');
  });

  it('cannot change the direction of other text on the admin pages', async () => {
    const { user } = await app.client.signUp({ displayName: '<b>A\u202eB' });

    const { heading, text } = await (await signedIn()).get(`/admin/audit/users/${user.id}`);

    expect(heading).toBe('User &lt;b&gt;A\ufffdB');
    expect(text).not.toContain('\u202e');
  });
});
