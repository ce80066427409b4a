import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Call,
  expectDocumentedProblem,
  expectProblem,
  PASSWORD,
  type SignedIn,
} from '../../../support/servers/http-client.ts';
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
});

type Body = Readonly<Record<string, unknown>>;
type Route = Readonly<{ method: string; path: string; body: () => Body }>;

/** Every route that takes a body, with a valid one. */
const ROUTES: readonly (readonly [string, Route])[] = [
  [
    'POST /v1/users',
    {
      method: 'POST',
      path: '/v1/users',
      body: () => ({
        email: 'hostile@example.com',
        password: PASSWORD,
        displayName: 'Ann',
        username: 'hostile',
        householdName: 'Home',
        deviceName: 'Laptop',
      }),
    },
  ],
  [
    'POST /v1/sessions',
    {
      method: 'POST',
      path: '/v1/sessions',
      body: () => ({ identifier: person.user.email, password: PASSWORD, deviceName: 'Laptop' }),
    },
  ],
  [
    'POST /v1/sessions/refresh',
    {
      method: 'POST',
      path: '/v1/sessions/refresh',
      body: () => ({ refreshToken: person.refreshToken }),
    },
  ],
  [
    'PATCH /v1/me',
    {
      method: 'PATCH',
      path: '/v1/me',
      body: () => ({ displayName: 'Other', username: 'other-name' }),
    },
  ],
];

const JSON_TYPE = { 'content-type': 'application/json' };

const send = ({ method, path }: Route, call: Call) =>
  app.client.call(method, path, { token: person.accessToken, ...call });

const sendText = (route: Route, raw: string | Buffer) => send(route, { raw, headers: JSON_TYPE });

const textMembers = (route: Route): readonly string[] => Object.keys(route.body());

describe.each(ROUTES)('%s with an invalid body', (_, route) => {
  it.each([
    ['an unclosed object', '{'],
    ['a trailing comma', '{"email":"a@example.com",}'],
    ['single quotes', "{'email':'a@example.com'}"],
    ['a comment', '{} // nothing'],
    ['two documents', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['a bare word', 'undefined'],
    ['not a number', 'NaN'],
    ['a raw control character', '{"email":"a\u0001b"}'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['NULs', '\0\0\0\0'],
  ])('refuses %s as malformed JSON', async (_name, raw) => {
    expectProblem(await sendText(route, raw), 'malformed_json');
  });

  it.each(['[]', '[{}]', '"text"', 'null', '42', '-0', 'true', '{}'])(
    'refuses the JSON value %s',
    async (raw) => {
      expectProblem(await sendText(route, raw), 'validation_failed');
    },
  );

  it('refuses an empty body, with and without a JSON content type', async () => {
    expectProblem(await sendText(route, ''), 'validation_failed');
    expectProblem(await send(route, {}), 'validation_failed');
  });

  it.each([
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/problem+json',
    'application/json/x',
    'application/jsonx',
    '*/*',
    '',
  ])('refuses the content type "%s"', async (type) => {
    const raw = JSON.stringify(route.body());
    const answer = await send(route, { raw, headers: { 'content-type': type } });
    expectProblem(answer, 'unsupported_media_type');
  });

  it('refuses a compressed body', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    const raw = Buffer.from('1f8b0800000000000003abae050043bfa6a302000000', 'hex');
    expectProblem(await send(route, { raw, headers }), 'malformed_json');
  });

  it('refuses a content length of one megabyte before the body arrives', async () => {
    const headers = { ...JSON_TYPE, 'content-length': '1000000' };

    expectProblem(await send(route, { raw: '{"email":"', headers }), 'payload_too_large');
  });

  it('refuses a chunked body that exceeds the limit', async () => {
    const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
    const raw = JSON.stringify({ ...route.body(), padding: 'x'.repeat(65 * 1024) });

    expectProblem(await send(route, { raw, headers }), 'payload_too_large');
  });

  it('refuses ten thousand levels of nesting', async () => {
    const deep = (open: string, close: string) =>
      `{"email":${open.repeat(10_000)}1${close.repeat(10_000)}}`;
    expectProblem(await sendText(route, deep('[', ']')), 'validation_failed');
    expectProblem(await sendText(route, deep('{"":', '}')), 'validation_failed');
    expectProblem(await sendText(route, '['.repeat(10_000)), 'malformed_json');
  });

  it('refuses a member given twice', async () => {
    for (const name of textMembers(route)) {
      const json = JSON.stringify(route.body());
      const twice = `${json.slice(0, -1)},"${name}":${JSON.stringify(route.body()[name])}}`;
      expectProblem(await sendText(route, twice), 'validation_failed');
      const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`;
      expectProblem(
        await sendText(route, `{"${escaped}":"x",${json.slice(1)}`),
        'validation_failed',
      );
    }
  });

  it.each([
    'role',
    'tier',
    'emailVerified',
    'id',
    'householdId',
    'isAdmin',
    'passwordHash',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__proto__',
    '__defineGetter__',
    '',
    'EMAIL',
    ' email',
  ])('refuses the unknown member "%s"', async (name) => {
    const json = JSON.stringify(route.body());
    for (const value of ['"admin"', 'true', 'null', '{"role":"admin"}', '[]']) {
      const raw = `${json.slice(0, -1)},${JSON.stringify(name)}:${value}}`;
      expectProblem(await sendText(route, raw), 'validation_failed');
    }
  });

  it('refuses every wrong type in every member', async () => {
    for (const name of textMembers(route)) {
      for (const value of [null, 1, 0, true, false, [], ['x'], {}, { toString: 'x' }]) {
        const answer = await send(route, { body: { ...route.body(), [name]: value } });
        expectProblem(answer, 'validation_failed');
      }
    }
  });

  it('refuses NUL and lone surrogates in every name and value', async () => {
    for (const poison of ['\\u0000', '\\ud800', '\\udc00', '\\udc00\\ud800', '\\ud83d\\ud83d']) {
      for (const name of textMembers(route)) {
        const json = JSON.stringify({ ...route.body(), [name]: 'POISON' });
        const raw = json.replace('POISON', `text${poison}text`);
        expectProblem(await sendText(route, raw), 'validation_failed');
      }
      expectProblem(await sendText(route, `{"a${poison}":1}`), 'validation_failed');
    }
  });

  it('refuses very long text in every member', async () => {
    for (const name of textMembers(route)) {
      for (const length of [1_001, 60_000]) {
        const answer = await send(route, { body: { ...route.body(), [name]: 'x'.repeat(length) } });
        expectProblem(answer, 'validation_failed');
      }
    }
  });

  it('answers without a quote of any value', async () => {
    const secret = 'do-not-repeat-this';
    const answers = [
      await send(route, { body: { ...route.body(), unknown: secret } }),
      await sendText(route, `{"password":"${secret}`),
      await send(route, { body: { password: [secret], refreshToken: { secret } } }),
    ];

    for (const answer of answers) {
      expectDocumentedProblem(answer);
      expect(answer.text).not.toContain(secret);
    }
  });
});
