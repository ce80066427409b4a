import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createHttpClient,
  expectPair,
  expectProblem,
  expectSignedIn,
  type HttpClient,
  sendBytes,
} from '../../support/servers/http-client.ts';
import {
  newMasterKey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const marker = () => randomBytes(8).toString('hex');

/** Recognisable personal data and secrets, none of which may be logged. */
const SECRETS = {
  email: `${marker()}@example.com`,
  username: `u-${marker()}`,
  displayName: `Name ${marker()}`,
  householdName: `Home ${marker()}`,
  deviceName: `Device ${marker()}`,
  password: `password ${marker()}`,
  agent: `Agent/${marker()}`,
  thief: `Thief/${marker()}`,
  wrongPassword: `wrong ${marker()}`,
  unknownIdentifier: `nobody-${marker()}@example.com`,
  malformed: `malformed-${marker()}`,
  inPath: `in-path-${marker()}`,
  inQuery: `in-query-${marker()}`,
  inHeader: `in-header-${marker()}`,
  masterKey: newMasterKey(),
};

describe('when every route was used, with the most detailed log', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let client: HttpClient;
  const tokens: string[] = [];
  let log: string;

  const remember = <Pair extends { accessToken: string; refreshToken: string }>(
    pair: Pair,
  ): Pair => {
    tokens.push(pair.accessToken, pair.refreshToken);
    return pair;
  };

  const playSession = async () => {
    const { email, username, displayName, householdName, deviceName, password, agent } = SECRETS;
    const account = { email, username, displayName, householdName, deviceName, password };
    const signedUp = await client.call('POST', '/v1/users', { body: account, agent });
    const laptop = remember(expectSignedIn(signedUp));
    const phone = remember(expectSignedIn(await client.signIn(username, password, agent)));
    const next = remember(expectPair(await client.refresh(phone.refreshToken, agent)));
    remember(expectPair(await client.refresh(phone.refreshToken, agent)));
    remember(expectPair(await client.refresh(next.refreshToken, agent)));
    const stolen = await client.refresh(phone.refreshToken, SECRETS.thief);
    expectProblem(stolen, 'refresh_token_reused');
    const token = laptop.accessToken;
    await client.call('PATCH', '/v1/me', { body: { displayName }, token, agent });
    await client.call('GET', '/v1/sessions', { token, agent });
    await client.call('DELETE', '/v1/sessions', { token, agent });
  };

  const playErasure = async () => {
    const { email, displayName, householdName, deviceName, password, agent } = SECRETS;
    const account = { email: `second-${email}`, displayName, householdName, deviceName, password };
    const { accessToken: token } = remember(
      expectSignedIn(await client.call('POST', '/v1/users', { body: account, agent })),
    );
    expect((await client.call('GET', '/v1/me/export', { token, agent })).status).toBe(200);
    expect((await client.call('DELETE', '/v1/me', { body: {}, token, agent })).status).toBe(204);
  };

  const makeMistakes = async () => {
    const { email, password, wrongPassword, unknownIdentifier, malformed, agent } = SECRETS;
    await client.call('POST', '/v1/users', { body: { email, password, displayName: 'x' }, agent });
    for (let n = 0; n < 11; n += 1) await client.signIn(email, wrongPassword, agent);
    await client.signIn(unknownIdentifier, password);
    await client.signIn(malformed, password);
    await client.refresh(malformed);
    const json = { 'content-type': 'application/json' };
    await client.call('POST', '/v1/sessions', { raw: `{"password":"${malformed}`, headers: json });
    await client.call('POST', '/v1/sessions', { body: { [malformed]: malformed } });
    await client.call('GET', `/v1/sessions/${SECRETS.inPath}?token=${SECRETS.inQuery}`);
    await client.call('GET', `/${SECRETS.inPath}/%zz`);
    await client.call('GET', `/v1/me?access_token=${SECRETS.inQuery}`);
    const headers = { authorization: `Basic ${SECRETS.inHeader}`, cookie: SECRETS.inHeader };
    await client.call('GET', '/v1/me', { headers });
    await sendBytes(server.url, `GET /${SECRETS.inPath}\0 HTTP/1.1\r\n\r\n`);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.connectionString,
      LATCHKEY_MASTER_KEY: SECRETS.masterKey,
      LATCHKEY_LOG_LEVEL: 'trace',
    });
    client = createHttpClient(server.url);
    await playSession();
    await playErasure();
    await makeMistakes();
    // Without the database a request fails with an internal error, which is logged too.
    await database.drop();
    await client.signIn(SECRETS.email, SECRETS.password, SECRETS.agent);
    client.close();
    await server.stop();
    log = server.output();
  });

  afterAll(() => server.stop('SIGKILL'));

  it('the log has a line for every request with method, route, status and time', () => {
    const lines = log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ msg }) => msg === 'request');

    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      expect(Object.keys(line).sort()).toStrictEqual([
        'hostname',
        'level',
        'method',
        'milliseconds',
        'msg',
        'pid',
        'reqId',
        'route',
        'status',
        'time',
      ]);
    }
    expect(lines.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual(
      expect.arrayContaining([
        'POST /v1/users 201',
        'POST /v1/sessions 201',
        'POST /v1/sessions/refresh 401',
        'DELETE /v1/sessions 204',
        'GET (unknown) 404',
      ]),
    );
  });

  it('the log has a line for the failure', () => {
    expect(log).toContain('"msg":"request failed"');
  });

  it.each(Object.entries(SECRETS))('the log has no trace of %s', (_, secret) => {
    expect(log).not.toContain(secret);
    expect(log).not.toContain(encodeURIComponent(secret));
    expect(log).not.toContain(Buffer.from(secret).toString('base64url'));
  });

  it('the log has no token, no part of one, and no hash', () => {
    expect(tokens.length).toBeGreaterThan(8);
    for (const token of tokens) {
      for (const part of token.split('.')) expect(log).not.toContain(part);
    }
    expect(log).not.toContain('lkr_');
    expect(log).not.toContain('argon2id');
  });
});
