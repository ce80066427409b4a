import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

type Operation = Readonly<{
  operationId: string;
  security?: readonly Readonly<Record<string, unknown>>[];
  responses: Readonly<Record<string, { content?: Readonly<Record<string, unknown>> }>>;
}>;
type OpenApi = Readonly<{
  openapi: string;
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}>;

type SignedUp = Readonly<{
  sessionId: string;
  user: Readonly<{ id: string; household: Readonly<{ id: string }> }>;
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

describe('the OpenAPI document', () => {
  it('lists every route with a stable operation id', () => {
    const names = operations.map(({ route, operationId }) => `${route} ${operationId}`);
    expect(names.sort()).toStrictEqual([
      'DELETE /v1/accounts/{id} deleteAccount',
      'DELETE /v1/admin/users/{id} eraseUser',
      'DELETE /v1/admin/users/{id}/sessions endSessionsOfUser',
      'DELETE /v1/categories/{id} deleteCategory',
      'DELETE /v1/households/{id} deleteHousehold',
      'DELETE /v1/households/{id}/invitations/{invitationId} revokeInvitation',
      'DELETE /v1/households/{id}/members/{userId} removeMember',
      'DELETE /v1/me eraseAccount',
      'DELETE /v1/payees/{id} deletePayee',
      'DELETE /v1/sessions endSessions',
      'DELETE /v1/sessions/current signOut',
      'DELETE /v1/sessions/{id} endSession',
      'DELETE /v1/tasks/{id} deleteTask',
      'DELETE /v1/transactions/{id} deleteTransaction',
      'GET /.well-known/jwks.json readJwks',
      'GET /.well-known/oauth-authorization-server readOAuthMetadata',
      'GET /health/live checkLiveness',
      'GET /health/ready checkReadiness',
      'GET /metrics readMetrics',
      'GET /v1/accounts listAccounts',
      'GET /v1/accounts/{id} readAccount',
      'GET /v1/admin/events searchEvents',
      'GET /v1/admin/households/{id}/history readHouseholdHistory',
      'GET /v1/admin/thefts listThefts',
      'GET /v1/admin/token-families/{id} replayTheft',
      'GET /v1/admin/token-families/{id}/history readTokenFamilyHistory',
      'GET /v1/admin/users searchUsers',
      'GET /v1/admin/users/{id} readUser',
      'GET /v1/admin/users/{id}/history readUserHistory',
      'GET /v1/categories listCategories',
      'GET /v1/categories/{id} readCategory',
      'GET /v1/households listHouseholds',
      'GET /v1/households/{id} readHousehold',
      'GET /v1/households/{id}/invitations listInvitations',
      'GET /v1/households/{id}/members listMembers',
      'GET /v1/me readProfile',
      'GET /v1/me/export exportAccount',
      'GET /v1/payees listPayees',
      'GET /v1/payees/{id} readPayee',
      'GET /v1/sessions listSessions',
      'GET /v1/tasks listTasks',
      'GET /v1/tasks/{id} readTask',
      'GET /v1/transactions listTransactions',
      'GET /v1/transactions/{id} readTransaction',
      'PATCH /v1/accounts/{id} updateAccount',
      'PATCH /v1/categories/{id} updateCategory',
      'PATCH /v1/households/{id} renameHousehold',
      'PATCH /v1/households/{id}/members/{userId} changeMemberRole',
      'PATCH /v1/me changeProfile',
      'PATCH /v1/payees/{id} updatePayee',
      'PATCH /v1/tasks/{id} updateTask',
      'PATCH /v1/transactions/{id} updateTransaction',
      'POST /oauth2/introspect introspectToken',
      'POST /oauth2/revoke revokeToken',
      'POST /oauth2/token exchangeRefreshToken',
      'POST /v1/access-tokens/revoke revokeAccessToken',
      'POST /v1/accounts createAccount',
      'POST /v1/admin/users/{id}/deactivate deactivateUser',
      'POST /v1/admin/users/{id}/reactivate reactivateUser',
      'POST /v1/admin/users/{id}/unlock unlockUser',
      'POST /v1/categories createCategory',
      'POST /v1/email-verifications requestEmailVerification',
      'POST /v1/email-verifications/confirm confirmEmail',
      'POST /v1/households createHousehold',
      'POST /v1/households/{id}/invitations inviteMember',
      'POST /v1/households/{id}/invitations/{invitationId}/resend resendInvitation',
      'POST /v1/households/{id}/transfer-ownership transferOwnership',
      'POST /v1/invitations/accept acceptInvitation',
      'POST /v1/invitations/decline declineInvitation',
      'POST /v1/invitations/read readInvitation',
      'POST /v1/me/upgrade upgradeGuest',
      'POST /v1/password-resets requestPasswordReset',
      'POST /v1/password-resets/confirm resetPassword',
      'POST /v1/payees createPayee',
      'POST /v1/sessions signIn',
      'POST /v1/sessions/guest startGuestSession',
      'POST /v1/sessions/refresh refreshToken',
      'POST /v1/tasks createTask',
      'POST /v1/transactions createTransaction',
      'POST /v1/users registerUser',
      'PUT /v1/admin/users/{id}/role changeRole',
      'PUT /v1/admin/users/{id}/tier changeTier',
      'PUT /v1/me/email requestEmailChange',
      'PUT /v1/me/password changePassword',
      'PUT /v1/sessions/current/household switchHousehold',
    ]);
  });

  it('requires an access token exactly where the route does', async () => {
    for (const { route, security } of operations) {
      const [method = '', path = ''] = route.split(' ');
      const { json } = await app.client.call(method, path.replace('{id}', 'x'));
      const refused = (json as { code?: string } | undefined)?.code === 'access_token_missing';
      expect({ route, needsToken: refused }).toStrictEqual({
        route,
        needsToken: security?.some((scheme) => 'accessToken' in scheme) === true,
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

  it('has an interactive page that loads no external resource', async () => {
    const page = await app.client.call('GET', '/docs');

    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});

describe('any answer', () => {
  it.each(['/v1/me', '/health/live', '/.well-known/jwks.json', '/nothing-here'])(
    'has the security headers for browsers: %s',
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

  it('names the request id that is the correlation id of its events', async () => {
    const body = {
      email: 'ida@example.com',
      password: 'a horse on a staircase',
      displayName: 'Ida',
    };
    const answer = await app.client.call('POST', '/v1/users', {
      body,
      headers: { 'x-request-id': 'chosen-by-the-client' },
    });

    const { user, sessionId } = answer.json as SignedUp;
    const rows = await app.sql<{ id: string }>(
      "SELECT DISTINCT metadata->>'correlationId' AS id FROM events WHERE stream_id = ANY ($1)",
      [`user-${user.id}`, `household-${user.household.id}`, `tokenFamily-${sessionId}`],
    );
    expect(rows).toStrictEqual([{ id: answer.headers['x-request-id'] }]);
  });
});
