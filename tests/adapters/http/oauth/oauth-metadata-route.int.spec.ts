import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../../../support/servers/http-client.ts';
import {
  PUBLIC_URL,
  type RunningApp,
  startRunningApp,
} from '../../../support/servers/running-app.ts';
import { discoverOAuthClient } from '../../../support/sessions/oauth-client.ts';

const PATH = '/.well-known/oauth-authorization-server';

let app: RunningApp;

const metadataOf = (issuer: string) => ({
  issuer,
  token_endpoint: `${issuer}/oauth2/token`,
  revocation_endpoint: `${issuer}/oauth2/revoke`,
  introspection_endpoint: `${issuer}/oauth2/introspect`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  grant_types_supported: ['refresh_token'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  service_documentation: `${issuer}/docs`,
});

describe('the metadata of a service whose public URL is an origin', () => {
  beforeAll(async () => {
    app = await startRunningApp();
  });
  afterAll(() => app.close());

  it('lets an OAuth client library discover every endpoint', async () => {
    const { server } = await discoverOAuthClient(app, PUBLIC_URL);

    expect(server).toStrictEqual(metadataOf(PUBLIC_URL));
  });

  it.each([
    { host: 'evil.example' },
    { host: 'evil.example:443', 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    { forwarded: 'host=evil.example;proto=http' },
  ])('names the configured issuer, whatever headers the request has: %j', async (headers) => {
    const answer = await app.client.call('GET', PATH, { headers });

    expect(answer.json).toStrictEqual(metadataOf(PUBLIC_URL));
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
  });

  it('is not found at the well-known path of another issuer', async () => {
    expectProblem(await app.client.call('GET', `${PATH}/tenant`), 'route_not_found');
  });
});

describe('the metadata of a service whose public URL has a path', () => {
  const issuer = 'https://example.test/auth/v:2';
  beforeAll(async () => {
    app = await startRunningApp({ LATCHKEY_PUBLIC_URL: issuer });
  });
  afterAll(() => app.close());

  it('is found at the well-known path followed by the path of the issuer', async () => {
    const { server } = await discoverOAuthClient(app, issuer);

    expect(server).toStrictEqual(metadataOf(issuer));
  });

  it('is also found without the path, but not with another path', async () => {
    expect((await app.client.call('GET', PATH)).json).toStrictEqual(metadataOf(issuer));
    for (const path of ['/auth', '/auth/v:2/more', '/other', '/']) {
      expectProblem(await app.client.call('GET', PATH + path), 'route_not_found');
    }
  });
});
