import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { rateLimits } from '../../../../../src/adapters/http/access/rate-limits.ts';
import { linkPaths } from '../../../../../src/adapters/http/pages/languages/link-paths.ts';
import { createLinkBrowser, type LinkBrowser } from '../../../../support/http/link-browser.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

const PASSWORD_CHOSEN = 'a cow under the stairs';
const INCOMPLETE = 'This link is not complete';

let app: RunningApp;
let browser: LinkBrowser;
beforeAll(async () => {
  app = await startRunningApp();
  browser = createLinkBrowser(app.client);
});
afterAll(() => app.close());
afterEach(async () => {
  vi.useRealTimers();
  expect(await app.countEvents()).toBe(0);
});

describe.each(Object.values(linkPaths))('%s', (path) => {
  it.each([
    ['no token', ''],
    ['an empty token', '?token='],
    ['two tokens', '?token=a&token=b'],
    ['a token broken by a line wrap', '?token=abc=%0D%0A'],
    ['a token that is too long', `?token=${'a'.repeat(201)}`],
    ['markup', '?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E'],
    ['NUL', '?token=%00'],
    ['undecodable bytes', '?token=%ff%zz'],
    ['a polluted prototype', '?__proto__[token]=abc&constructor=1'],
  ])('answers a link with %s with a helpful page that repeats nothing of it', async (_, query) => {
    const answer = await browser.get(`${path}${query}`);

    expect(answer).toMatchObject({ status: 400, heading: INCOMPLETE, form: undefined });
    expect(answer.text).not.toMatch(/<script|alert\(/);
  });

  it('ignores query parameters that a mail program adds to a link', async () => {
    const page = await browser.get(`${path}?token=abc&utm_source=mail&fbclid=1`);
    expect(page).toMatchObject({ status: 200, form: { token: 'abc' } });
  });

  it.each([
    ['no token', 'newPassword=x'],
    ['two tokens', 'token=a&token=b'],
    ['another member', 'token=abc&admin=true'],
    ['markup for a token', 'token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&newPassword=x'],
    ['a polluted prototype', 'token=abc&__proto__=x'],
    ['an empty body', ''],
  ])('refuses a form with %s without repeating its markup', async (_, raw) => {
    const page = await browser.post(path, raw);
    expect(page.status).toBe(400);
    expect(page.text).not.toMatch(/<script|alert\(/);
  });

  it.each([
    ['application/json', '{"token":"abc"}', 415],
    ['text/plain', 'token=abc', 415],
    ['application/x-www-form-urlencoded', `token=${'a'.repeat(65 * 1024)}`, 413],
  ])('refuses an invalid body of type %s with an HTML page', async (type, raw, status) => {
    const page = await browser.post(path, raw, { 'content-type': type });
    expect(page).toMatchObject({ status, heading: INCOMPLETE });
  });

  it('is in German for a browser that prefers German, also after a refusal', async () => {
    const german = { 'accept-language': 'de-AT,en;q=0.5' };
    const page = await browser.get(`${path}?token=abc`, german);
    expect(page).toMatchObject({ status: 200, lang: 'de', headers: { vary: 'accept-language' } });

    const refused = await browser.post(path, `token=abc&newPassword=${PASSWORD_CHOSEN}`, german);
    expect(refused).toMatchObject({ status: 400, heading: 'Dieser Link ist nicht mehr gültig' });
  });

  it('forbids caching, referrers, framing and scripts', async () => {
    for (const page of [
      await browser.get(`${path}?token=abc`),
      await browser.get(path),
      await browser.submit(path, { token: 'abc', newPassword: PASSWORD_CHOSEN }),
    ]) {
      expect(page.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'SAMEORIGIN',
      });
      const policy = page.headers['content-security-policy'];
      for (const rule of ["form-action 'self'", "script-src 'self'", "'unsafe-inline'"]) {
        expect(policy).toContain(rule);
      }
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    }
  });

  it('is not part of the API', async () => {
    const { json } = await app.client.call('GET', '/openapi.json');
    expect(Object.keys((json as { paths: object }).paths)).not.toContain(path);
  });

  it('has a form that posts to the page itself below any path prefix of a proxy', async () => {
    const { form } = await browser.get(`${path}?token=abc`);
    const here = `https://example.org/accounts${path}?token=abc`;
    expect(new URL(form?.action ?? '', here).href).toBe(`https://example.org/accounts${path}`);
  });
});

describe('the JSON API', () => {
  it('refuses forms', async () => {
    const answer = await browser.post('/v1/email-verifications/confirm', 'token=abc');
    expect(answer.status).toBe(415);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });
});

describe('a visitor who has used up the rate limit of a link page', () => {
  it('sees the form with the reason and gets Retry-After', async () => {
    const limited = await startRunningApp({ LATCHKEY_RATE_LIMITS: 'on' });
    const visitor = createLinkBrowser(limited.client);
    const { points } = rateLimits.confirm.network;
    skipSeconds(0);
    const fields = { token: 'abc' };
    const pages = await times(points, () => visitor.submit('/verify-email', fields));
    const refused = await visitor.submit('/verify-email', fields);
    await limited.close();

    expect(new Set(pages.map(({ status }) => status))).toStrictEqual(new Set([400]));
    expect(refused).toMatchObject({
      status: 429,
      alert: 'There were too many attempts. Wait a minute, then try again.',
      form: { token: 'abc' },
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });
});
