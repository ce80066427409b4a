import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemByCode } from '../../../../src/adapters/http/problems/problem-details.ts';
import { expectProblem, type SignedIn, sendBytes } from '../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

let app: RunningApp;
let person: SignedIn;
let eventsBefore: number;
beforeAll(async () => {
  app = await startRunningApp();
  person = await app.client.signUp();
});
afterAll(() => app.close());
beforeEach(async () => {
  eventsBefore = await app.countEvents();
});
afterEach(async () => {
  expect(await app.countEvents()).toBe(eventsBefore);
  expect((await app.client.me(person.accessToken)).status).toBe(200);
});

const call = (method: string, path: string) =>
  app.client.call(method, path, { token: person.accessToken });

describe('a path that resembles a route', () => {
  it.each([
    '//v1/me',
    '/v1//me',
    '/v1/me/',
    '/v1/./me',
    '/v1/%2e/me',
    '/v1/x/../me',
    '/v1/x/%2e%2e/me',
    '/v1%2fme',
    '/v1/me%00',
    '/v1/me%20',
    '/v1/me;x=1',
    '/v1/me.json',
    '/V1/ME',
    '/v1\\me',
    '/v2/me',
    '/',
    '*',
    '/v1/sessions/current/',
    '/docs/static/..%2f..%2fpackage.json',
    '/.env',
    '/package.json',
  ])('is not found: %s', async (path) => {
    for (const method of ['GET', 'DELETE']) {
      expectProblem(await call(method, path), 'route_not_found');
    }
  });

  it.each([
    ['path', `/${'a'.repeat(9_000)}`],
    ['session', `/v1/sessions/${'a'.repeat(9_000)}`],
  ])('is not found with a %s of nine thousand characters', async (_, path) => {
    expectProblem(await call('DELETE', path), 'route_not_found');
  });

  it.each(['/v1/sessions/%', '/v1/sessions/%zz', '/%ff', '/%c0%ae%c0%ae'])(
    'is refused without a quote when it cannot be decoded: %s',
    async (path) => {
      const answer = await call('GET', path);

      expectProblem(answer, 'bad_request');
      expect(answer.text).not.toContain(path);
    },
  );

  it.each(['/docs/static/../../package.json', '/docs/static/%2e%2e/%2e%2e/package.json'])(
    'cannot leave the folder of the API page: %s',
    async (path) => {
      expectProblem(await call('GET', path), 'bad_request');
    },
  );
});

describe('a method that a route does not have', () => {
  it.each(['PUT', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'MKCOL', 'SEARCH'])(
    'is not found: %s',
    async (method) => {
      expectProblem(await call(method, '/v1/me/export'), 'route_not_found');
    },
  );

  it('cannot be set by a header or a parameter', async () => {
    const { accessToken: token } = person;
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };

    const answer = await app.client.call('GET', '/v1/sessions?_method=DELETE', { token, headers });

    expect(answer.status).toBe(200);
  });

  it('is answered like GET without a body if it is HEAD', async () => {
    expect(await call('HEAD', '/v1/me')).toMatchObject({ status: 200, text: '' });
  });
});

describe('bytes that are not a valid HTTP request', () => {
  const { status, title } = problemByCode.bad_request;
  const problem = { type: 'about:blank', title, status, code: 'bad_request' };
  const tail = 'host: x\r\nconnection: close\r\n\r\n';

  it.each([
    ['NUL in the path', `GET /v1/me\0 HTTP/1.1\r\n${tail}`],
    ['raw bytes in the path', `GET /v1/\u00ff\u00fe HTTP/1.1\r\n${tail}`],
    ['an unknown method', `STEAL /v1/me HTTP/1.1\r\n${tail}`],
    ['a lower-case method', `get /v1/me HTTP/1.1\r\n${tail}`],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n'],
    ['a negative length', `POST /v1/sessions HTTP/1.1\r\ncontent-length: -1\r\n${tail}`],
    [
      'two lengths',
      `POST /v1/sessions HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n${tail}{}`,
    ],
    [
      'a length and chunks',
      `POST /v1/sessions HTTP/1.1\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n${tail}{}`,
    ],
    ['a folded header', `GET /v1/me HTTP/1.1\r\nx: 1\r\n 2\r\n${tail}`],
    ['a space before the colon', `GET /v1/me HTTP/1.1\r\nauthorization : x\r\n${tail}`],
    ['twenty kilobytes of header', `GET /v1/me HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n${tail}`],
  ])('are refused, and the connection is closed: %s', async (_, bytes) => {
    const received = await sendBytes(app.url, bytes);

    const [head = '', body = ''] = received.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toStrictEqual(problem);
  });
});
