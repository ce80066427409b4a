import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import { expectProblem, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let victim: SignedIn;
let household: string;
beforeAll(async () => {
  app = await startRunningApp();
  // A second administrator, so that others may be demoted.
  await signUpAdmin(app);
  victim = await app.client.signUp();
  const account = await app.get(tokens.accounts).findById(victim.user.id);
  household = account?.householdId ?? '';
});
afterAll(() => app.close());

const ROUTES = [
  'GET /v1/admin/users',
  'GET /v1/admin/users/{id}',
  'PUT /v1/admin/users/{id}/role',
  'PUT /v1/admin/users/{id}/tier',
  'POST /v1/admin/users/{id}/deactivate',
  'POST /v1/admin/users/{id}/reactivate',
  'POST /v1/admin/users/{id}/unlock',
  'DELETE /v1/admin/users/{id}/sessions',
  'GET /v1/admin/events',
  'GET /v1/admin/thefts',
  'GET /v1/admin/token-families/{family}',
  'GET /v1/admin/token-families/{family}/history',
  'GET /v1/admin/users/{id}/history',
  'GET /v1/admin/households/{household}/history',
  // Last, because it erases the victim.
  'DELETE /v1/admin/users/{id}',
];

const call = (route: string, token: string | undefined) => {
  const [method = '', path = ''] = route.split(' ');
  const place = path
    .replace('{id}', victim.user.id)
    .replace('{family}', victim.sessionId)
    .replace('{household}', household);
  return app.client.call(method, place, token === undefined ? {} : { token });
};

describe('the list of admin routes in this test', () => {
  it('is complete', async () => {
    const { json } = await app.client.call('GET', '/openapi.json');
    const { paths } = json as { paths: Record<string, Record<string, { tags?: string[] }>> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { tags }]) =>
        tags?.includes('administration') ? [`${method.toUpperCase()} ${path}`] : [],
      ),
    );
    const tried = ROUTES.map((route) => route.replace(/\{\w+\}/, '{id}'));
    expect(routes.sort()).toStrictEqual(tried.sort());
  });
});

describe.each(ROUTES)('%s', (route) => {
  it('needs an access token', async () => {
    expectProblem(await call(route, undefined), 'access_token_missing');
  });

  it('refuses a user who is not an administrator before it validates the request', async () => {
    const { accessToken } = await app.client.signUp();
    expectProblem(await call(route, accessToken), 'admin_required');
  });

  it('refuses a guest', async () => {
    const { json } = await app.client.call('POST', '/v1/sessions/guest');
    const { accessToken } = json as SignedIn;
    expectProblem(await call(route, accessToken), 'admin_required');
  });

  it('refuses a former administrator whose access token still has the role', async () => {
    const { user, refreshToken } = await signUpAdmin(app);
    const { accessToken } = (await app.client.refresh(refreshToken)).json as SignedIn;
    await app.get(tokens.changeRole)({ userId: user.id, role: 'user' }, visitor);

    expectProblem(await call(route, accessToken), 'admin_required');
  });

  it('refuses a deactivated administrator', async () => {
    const { user, accessToken } = await signUpAdmin(app);
    await app.get(tokens.deactivateUser)(user.id, visitor);

    expectProblem(await call(route, accessToken), 'access_token_invalid');
  });

  it('accepts a new administrator whose access token lacks the role, and forbids caching', async () => {
    const { accessToken } = await signUpAdmin(app);

    const answer = await call(route, accessToken);

    expect([200, 204, 400]).toContain(answer.status);
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});
