import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { PASSWORD, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

const MARKER = 'mark3r';
const AGENT = `${MARKER}-agent/1.0`;

let app: RunningApp;
/** Every page of the event list after every action a user can take. */
let shown: string;

const everythingOnePersonDoes = async (): Promise<void> => {
  const { call, signUp, signIn, refresh } = app.client;
  const email = `${MARKER}@example.com`;
  const { accessToken: token, refreshToken } = await signUp({
    email,
    username: `${MARKER}.name`,
    displayName: `${MARKER} display`,
    householdName: `${MARKER} home`,
    deviceName: `${MARKER} device`,
  });
  await signIn(email, 'a wrong password', AGENT);
  await signIn(email, PASSWORD, AGENT);
  const asks = { body: { email }, agent: AGENT };
  await call('POST', '/v1/email-verifications', asks);
  await call('POST', '/v1/password-resets', asks);
  await call('PATCH', '/v1/me', {
    token,
    body: { displayName: `${MARKER} again`, username: `${MARKER}.again`, locale: 'de' },
  });
  await call('PUT', '/v1/me/email', { token, body: { email: `${MARKER}2@example.com` } });
  await refresh(refreshToken, AGENT);
  await refresh(refreshToken, AGENT);
  await refresh(refreshToken, 'a thief');
  const guest = (await call('POST', '/v1/sessions/guest', { agent: AGENT })).json as SignedIn;
  await call('POST', '/v1/me/upgrade', {
    token: guest.accessToken,
    body: { email: `${MARKER}3@example.com`, password: PASSWORD, displayName: `${MARKER} guest` },
  });
};

beforeAll(async () => {
  app = await startRunningApp();
  const { accessToken: token } = await signUpAdmin(app);
  await everythingOnePersonDoes();
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path = `/v1/admin/events?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { status, text, json } = await app.client.call('GET', path, { token });
    expect(status).toBe(200);
    pages.push(text);
    cursor = (json as { nextCursor: string | null }).nextCursor;
  }
  shown = pages.join('\n');
});
afterAll(() => app.close());

describe('the list of all kinds of events', () => {
  it('contains each kind', async () => {
    const types = await app.sql<{ type: string }>('SELECT DISTINCT type FROM events');
    expect(types.length).toBeGreaterThan(12);
    for (const { type } of types) expect(shown).toContain(`"type":"${type}"`);
  });

  it.each([
    MARKER,
    '@example.com',
    '$argon2',
    '$personal',
    '127.0.0.1',
    'Laptop/1.0',
    'tokenHash',
    'keyId',
    'salt',
    'agentHash',
    'passwordHash',
    'checksum',
  ])('does not contain %s', (secret) => {
    expect(shown).not.toContain(secret);
  });

  it('contains no hash or seed of a token', async () => {
    const secrets = await app.sql<{ secret: string }>(
      `SELECT token_hash AS secret FROM tokens UNION SELECT token_hash FROM refresh_tokens
        UNION SELECT data->>'salt' FROM events WHERE type = 'TokenFamilyStarted'
        UNION SELECT data->'token'->>'id' FROM events WHERE data->'token' IS NOT NULL
        UNION SELECT data->'token'->>'tokenHash' FROM events WHERE data->'token' IS NOT NULL`,
    );
    expect(secrets.length).toBeGreaterThan(12);
    for (const { secret } of secrets) expect(shown).not.toContain(secret);
  });
});
