import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteAccess } from '../../../../src/application/auditing/explanation/route-access.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { readRouteAccess } from '../../../support/http/route-access.ts';
import { type Caller, createRouteCallers } from '../../../support/http/route-callers.ts';
import { visitor } from '../../../support/servers/composed-system.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const requirements = await readRouteAccess();
const needsToken = ({ caller }: RouteAccess) => caller === 'user' || caller === 'administrator';

/** Whether the route is called here; one declared table represents all. */
const isTried = (route: string): boolean =>
  !/ \/v1\/(accounts|categories|payees|transactions)\b/.test(route);
const TRIED = Object.entries(requirements).filter(
  ([route, one]) => needsToken(one) && isTried(route),
);
const IN_HOUSEHOLDS = TRIED.filter(([, { household }]) => household !== undefined);
const ELSEWHERE = TRIED.filter(([, { household }]) => household === undefined);

/** Bodies that match the schema of their route, so that a refusal has another reason. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /v1/me': { displayName: 'Ida' },
  'PUT /v1/me/password': { newPassword: 'another horse on a staircase' },
  'PUT /v1/me/email': { email: 'elsewhere@example.com' },
  'POST /v1/me/upgrade': { email: 'guest@example.com', password: 'a horse on a staircase' },
  'POST /v1/households': { name: 'Boat' },
  'PATCH /v1/households/{id}': { name: 'House' },
  'PATCH /v1/households/{id}/members/{userId}': { role: 'viewer' },
  'POST /v1/households/{id}/transfer-ownership': { userId: 'user_nobody' },
  'POST /v1/households/{id}/invitations': { email: 'guest@example.com', role: 'viewer' },
  'POST /v1/invitations/accept': { token: 'x' },
  'POST /v1/access-tokens/revoke': { jti: 'x' },
  'PUT /v1/admin/users/{id}/role': { role: 'user' },
  'PUT /v1/admin/users/{id}/tier': { tier: 'free' },
  'POST /v1/tasks': { title: 'Dishes' },
  'PATCH /v1/tasks/{id}': { title: 'Dishes' },
};

/** Routes that end the account, the household or the token which later calls need. */
const FINAL = [
  'DELETE /v1/me',
  'DELETE /v1/households/{id}',
  'POST /v1/me/upgrade',
  'DELETE /v1/sessions',
  'DELETE /v1/sessions/current',
  'PUT /v1/sessions/current/household',
];

/** Codes that depend on the caller, not on the content of the request. */
const OF_CALLERS = [
  'access_token_missing',
  'access_token_invalid',
  'admin_required',
  'step_up_required',
  'tier_insufficient',
  'not_a_guest',
  'email_not_verified',
  'household_not_found',
  'household_required',
  'household_role_insufficient',
  'home_household_must_stay',
  'owner_must_stay',
];

let app: RunningApp;
let people: ReturnType<typeof createRouteCallers>;
let flat: string;
let owner: Caller;
let bystander: string;
beforeAll(async () => {
  app = await startRunningApp();
  people = createRouteCallers(app);
  const { userId } = await people.account();
  flat = await people.household(userId);
  owner = await people.signIn(userId, flat);
  ({ userId: bystander } = await people.account());
  await people.join(bystander, flat, 'viewer');
});
afterAll(() => app?.close());

const member = async (role: 'admin' | 'member' | 'viewer', age = 0): Promise<Caller> => {
  const { userId } = await people.account();
  await people.join(userId, flat, role);
  return people.signIn(userId, flat, age);
};

const stranger = async (age = 0): Promise<Caller> => {
  const { userId, householdId } = await people.account();
  return people.signIn(userId, householdId, age);
};

const administrator = async (age = 0): Promise<Caller> => {
  const caller = await stranger(age);
  await app.get(tokens.changeRole)({ userId: caller.userId, role: 'admin' }, visitor);
  return caller;
};

const guest = async (): Promise<Caller> => {
  const { json } = await app.client.call('POST', '/v1/sessions/guest');
  const { accessToken: token, user } = json as {
    accessToken: string;
    user: { id: string; household: { id: string } };
  };
  return { userId: user.id, householdId: user.household.id, token };
};

type Path = Readonly<Record<string, string>>;

const call = async (caller: Caller, route: string, path: string): Promise<string | null> => {
  const [method = '', target = ''] = path.split(' ');
  const body = BODIES[route];
  const answer = await app.client.call(method, target, {
    token: caller.token,
    ...(body !== undefined && { body }),
  });
  expect(answer.status, path).toBeLessThan(500);
  return (answer.json as { code?: string } | undefined)?.code ?? null;
};

/** Calls every route and expects the code that its explanation predicts. */
const expectExplained = async (
  caller: Caller,
  routes: readonly (readonly [string, RouteAccess])[],
  parameters: Path,
): Promise<void> => {
  for (const [route, { household }] of routes) {
    const path = route.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? 'none');
    const asking = { userId: caller.userId, route: path, asOf: { kind: 'now' } } as const;
    const explained = await app.get(tokens.explanations).explainRoute(asking);
    expect(explained, route).toBeDefined();
    const code = explained?.code ?? null;
    if (code === null && FINAL.includes(route)) continue;
    const answered = await call(caller, route, path);
    // An administrator may ask for a household that does not exist.
    if (household === undefined && answered === 'household_not_found') continue;
    if (code === null)
      expect({ route, answered, known: OF_CALLERS.includes(answered ?? '') }).toStrictEqual({
        route,
        answered,
        known: false,
      });
    else expect({ route, answered }).toStrictEqual({ route, answered: code });
  }
};

const inFlat = (): Path => ({ id: flat, userId: bystander, invitationId: 'inv_none' });

describe('the access that a route declares', () => {
  it('is the security in the OpenAPI document, also of public routes', async () => {
    const { json } = await app.client.call('GET', '/openapi.json');
    const { paths } = json as {
      paths: Record<string, Record<string, { security?: readonly object[] }>>;
    };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { security }]) =>
          [
            `${method.toUpperCase()} ${path}`,
            security?.flatMap((one) => Object.keys(one)),
          ] as const,
      ),
    );
    const schemes = { anonymous: [], resource_server: ['resourceServer'] } as const;
    const declared = Object.entries(requirements).map(([route, one]) => [
      route,
      one.caller === 'user' || one.caller === 'administrator'
        ? ['accessToken']
        : schemes[one.caller],
    ]);
    expect(declared.length).toBeGreaterThanOrEqual(80);
    expect(Object.fromEntries(documented)).toStrictEqual(Object.fromEntries(declared));
  });
});

describe('the explanation of a refusal in a household matches the answer of the route', () => {
  it.each(['viewer', 'member'] as const)('for a %s', async (role) => {
    await expectExplained(await member(role), IN_HOUSEHOLDS, inFlat());
  });

  it('for an admin acting on another admin', async () => {
    const other = (await member('admin')).userId;
    await expectExplained(await member('admin'), IN_HOUSEHOLDS, { ...inFlat(), userId: other });
  });

  it('for the owner acting on the owner', async () => {
    await expectExplained(owner, IN_HOUSEHOLDS, { ...inFlat(), userId: owner.userId });
  });

  it('for a member whose sign-in is too old', async () => {
    await expectExplained(await member('member', 400), IN_HOUSEHOLDS, inFlat());
  });

  it('for strangers, former members, guests, and an unknown household', async () => {
    await expectExplained(await stranger(), IN_HOUSEHOLDS, inFlat());
    const former = await member('admin');
    const removal = { householdId: flat, userId: owner.userId, memberId: former.userId };
    await app.get(tokens.householdMembers).removeMember(removal, visitor);
    await expectExplained(
      await people.signIn(former.userId, flat),
      IN_HOUSEHOLDS.slice(0, 8),
      inFlat(),
    );
    const visiting = await guest();
    await expectExplained(visiting, IN_HOUSEHOLDS, { ...inFlat(), id: visiting.householdId });
    await expectExplained(owner, IN_HOUSEHOLDS, { ...inFlat(), id: 'hh_none' });
  });

  it('for the owner of a default household', async () => {
    const { userId, householdId, token } = await stranger();
    const parameters = { id: householdId, userId, invitationId: 'inv_none' };
    await expectExplained({ userId, householdId, token }, IN_HOUSEHOLDS, parameters);
    const dissolve = {
      userId,
      route: `DELETE /v1/households/${householdId}`,
      asOf: { kind: 'now' },
    } as const;
    expect(await app.get(tokens.explanations).explainRoute(dissolve)).toMatchObject({
      code: 'home_household_must_stay',
    });
  });
});

describe('the explanation of a refusal outside households matches the answer of the route', () => {
  it('for guests, users and administrators', async () => {
    const nobody = { id: 'user_nobody' };
    await expectExplained(await guest(), ELSEWHERE, nobody);
    await expectExplained(await stranger(), ELSEWHERE, nobody);
    await expectExplained(await administrator(), ELSEWHERE, nobody);
  });

  it('for users and administrators whose sign-in is too old', async () => {
    await expectExplained(await stranger(400), ELSEWHERE, { id: bystander });
    await expectExplained(await administrator(400), ELSEWHERE, { id: bystander });
  });

  it('for deactivated and erased users', async () => {
    const dormant = await stranger();
    await app.get(tokens.deactivateUser)(dormant.userId, visitor);
    await expectExplained(dormant, ELSEWHERE.slice(0, 5), {});
    const gone = await stranger();
    await app.get(tokens.eraseUser)({ userId: gone.userId, granted: null }, visitor);
    await expectExplained(gone, ELSEWHERE.slice(0, 5), {});
  });
});
