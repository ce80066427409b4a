import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startRunningApp } from '../../support/running-app.ts';

type Operation = Readonly<{
  operationId: string;
  security?: readonly object[];
  responses: Readonly<Record<string, { content?: Readonly<Record<string, unknown>> }>>;
}>;
type OpenApi = Readonly<{
  openapi: string;
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}>;

let app: RunningApp;
let api: OpenApi;
let operations: readonly (Operation & { route: string })[];
beforeAll(async () => {
  app = await startRunningApp();
  api = (await app.client.call('GET', '/openapi.json')).json as OpenApi;
  operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      route: `${method.toUpperCase()} ${path}`,
    })),
  );
});
afterAll(() => app.close());

describe('when the API describes itself', () => {
  it('lists every route under a stable name', () => {
    const names = operations.map(({ route, operationId }) => `${route} ${operationId}`);
    expect(names.sort()).toStrictEqual([
      'DELETE /v1/sessions endSessions',
      'DELETE /v1/sessions/current signOut',
      'DELETE /v1/sessions/{id} endSession',
      'GET /.well-known/jwks.json readJwks',
      'GET /health/live checkLiveness',
      'GET /health/ready checkReadiness',
      'GET /v1/me readProfile',
      'GET /v1/sessions listSessions',
      'PATCH /v1/me changeProfile',
      'POST /v1/sessions signIn',
      'POST /v1/sessions/refresh refreshToken',
      'POST /v1/users registerUser',
    ]);
  });

  it('asks for an access token exactly where one is needed', async () => {
    for (const { route, security } of operations) {
      const [method = '', path = ''] = route.split(' ');
      const { json } = await app.client.call(method, path.replace('{id}', 'x'));
      const refused = (json as { code?: string } | undefined)?.code === 'access_token_missing';
      expect({ route, needsToken: refused }).toStrictEqual({
        route,
        needsToken: security !== undefined,
      });
    }
  });

  it('documents every refusal as a problem document', () => {
    for (const { route, responses } of operations.filter(({ route }) => route.includes('/v1/'))) {
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect(refusals.length, route).toBeGreaterThan(0);
      for (const [, { content = {} }] of refusals) {
        expect(Object.keys(content)).toStrictEqual(['application/problem+json']);
      }
    }
  });

  it('has a page to try it, which loads nothing from elsewhere', async () => {
    const page = await app.client.call('GET', '/docs');

    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});

describe('when any answer leaves the house', () => {
  it.each(['/v1/me', '/health/live', '/.well-known/jwks.json', '/nothing-here'])(
    'carries the headers that keep browsers safe: %s',
    async (path) => {
      const { headers } = await app.client.call('GET', path);

      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'x-request-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it('names the request as its events do', async () => {
    const body = {
      email: 'ida@example.com',
      password: 'a horse on a staircase',
      displayName: 'Ida',
    };
    const answer = await app.client.call('POST', '/v1/users', {
      body,
      headers: { 'x-request-id': 'chosen-by-the-client' },
    });

    const rows = await app.sql<{ id: string }>(
      "SELECT DISTINCT metadata->>'correlationId' AS id FROM events",
    );
    expect(rows).toStrictEqual([{ id: answer.headers['x-request-id'] }]);
  });
});
