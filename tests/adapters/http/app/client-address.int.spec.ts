import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSignedIn, PASSWORD } from '../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

let app: RunningApp;

const configured = (environment: Readonly<Record<string, string>>): void => {
  beforeAll(async () => {
    app = await startRunningApp(environment);
  });
  afterAll(() => app.close());
};

/** The address recorded for a session whose sign-in carries these headers. */
const addressSeen = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
  const { user } = await app.client.signUp();
  const body = { identifier: user.email, password: PASSWORD };
  const answer = await app.client.call('POST', '/v1/sessions', { body, headers });
  const { accessToken, sessionId } = expectSignedIn(answer);
  const listed = await app.client.call('GET', '/v1/sessions', { token: accessToken });
  const { sessions } = listed.json as { sessions: { id: string; ip: string }[] };
  return sessions.find(({ id }) => id === sessionId)?.ip;
};

describe('the client address without a trusted proxy', () => {
  configured({});

  it.each(['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'CF-Connecting-IP', 'True-Client-IP'])(
    'ignores %s',
    async (header) => {
      expect(await addressSeen({ [header]: '203.0.113.9' })).toBe('127.0.0.1');
    },
  );
});

describe('the client address behind a trusted proxy', () => {
  configured({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' });

  it.each([
    ['nothing', undefined, '127.0.0.1'],
    ['one address', '203.0.113.9', '203.0.113.9'],
    ['a forged address in front', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['another trusted proxy behind', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['several of both', '1.1.1.1, 10.9.9.9, 203.0.113.9, 10.1.2.3, 10.4.5.6', '203.0.113.9'],
    ['trusted addresses only', '10.1.1.1, 10.1.2.3', '10.1.1.1'],
    ['IPv6', '2001:db8::1', '2001:db8::1'],
    ['IPv4 in IPv6', '::ffff:203.0.113.9', '203.0.113.9'],
  ])(
    'is the rightmost untrusted address of X-Forwarded-For with %s',
    async (_, forwarded, seen) => {
      const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };

      expect(await addressSeen(headers)).toBe(seen);
    },
  );

  it.each(['X-Real-IP', 'Forwarded', 'CF-Connecting-IP'])('ignores %s', async (header) => {
    expect(await addressSeen({ [header]: '203.0.113.9' })).toBe('127.0.0.1');
  });
});

describe('the client address when only another proxy is trusted', () => {
  configured({ LATCHKEY_TRUSTED_PROXIES: '192.0.2.0/24' });

  it('ignores X-Forwarded-For from an untrusted peer', async () => {
    expect(await addressSeen({ 'X-Forwarded-For': '203.0.113.9' })).toBe('127.0.0.1');
  });
});
