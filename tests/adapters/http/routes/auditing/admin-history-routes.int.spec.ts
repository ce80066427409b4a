import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../../../../../src/application/auditing/history/as-of-moment.ts';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import { expectProblem, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let admin: SignedIn;
let person: SignedIn;
let household: string;
beforeAll(async () => {
  app = await startRunningApp();
  admin = await signUpAdmin(app);
  person = await app.client.signUp();
  household = (await app.get(tokens.accounts).findById(person.user.id))?.householdId ?? '';
});
afterAll(() => app?.close());

const read = (path: string) =>
  app.client.call('GET', `/v1/admin/${path}`, { token: admin.accessToken });

/** The history without the time of the request. */
const withoutTime = (history: unknown) => ({ ...(history as object), asOf: '' });

describe('the history routes', () => {
  it('answer what the command line shows of users, households and sessions', async () => {
    const { readUserAsOf, readHouseholdAsOf, readFamilyAsOf } = app.get(tokens.histories);
    const asked = { asOf: NOW, limit: 100 };
    const { id: userId } = person.user;

    const user = await read(`users/${userId}/history`);
    expect(user).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(withoutTime(user.json)).toStrictEqual(
      withoutTime(await readUserAsOf({ userId, ...asked })),
    );
    expect(user.json).toMatchObject({ sessions: [{ familyId: person.sessionId, status: 'live' }] });
    expect(JSON.stringify(user.json)).not.toContain('argon2');
    expect(withoutTime((await read(`households/${household}/history`)).json)).toStrictEqual(
      withoutTime(await readHouseholdAsOf({ householdId: household, ...asked })),
    );
    const { sessionId: familyId } = person;
    expect(withoutTime((await read(`token-families/${familyId}/history`)).json)).toStrictEqual(
      withoutTime(await readFamilyAsOf({ familyId, ...asked })),
    );
  });

  it('answer as many events as requested, as of the requested moment', async () => {
    const path = `users/${person.user.id}/history`;
    const { events } = (await read(path)).json as { events: { position: string }[] };
    const first = `?asOf=${events[0]?.position}&limit=0`;
    expect((await read(`${path}${first}`)).json).toMatchObject({ eventCount: 1, events: [] });
    expectProblem(await read(`${path}?asOf=2020-01-01T00:00:00Z`), 'user_not_found');
  });

  it('answer for an erased user without personal data', async () => {
    const gone = await app.client.signUp();
    await app.get(tokens.eraseUser)({ userId: gone.user.id, granted: null }, visitor);

    const { json, text } = await read(`users/${gone.user.id}/history`);

    expect(json).toMatchObject({
      status: 'erased',
      email: '[erased]',
      displayName: '[erased]',
      hasPassword: false,
      memberships: [],
      sessions: [],
    });
    expect(text).not.toContain(gone.user.email);
    const family = await read(`token-families/${gone.sessionId}/history`);
    expect(family.json).toMatchObject({ ip: '[erased]', revoked: { reason: 'erased' } });
  });
});

describe('the history routes with an invalid subject or moment', () => {
  it.each([
    ['users/user_none/history', 'user_not_found'],
    ['households/hh_none/history', 'household_not_found'],
    ['token-families/00000000-0000-4000-8000-000000000000/history', 'session_not_found'],
  ] as const)('answer 404: %s', async (path, code) => {
    expectProblem(await read(path), code);
  });

  it.each([
    'users/%00/history',
    'token-families/x/history',
    'users/x/history?asOf=yesterday',
    'users/x/history?asOf=',
    `users/x/history?asOf=${'9'.repeat(42)}`,
    'users/x/history?limit=1001',
    'users/x/history?limit=-1',
    'users/x/history?when=now',
  ])('answer 400: %s', async (path) => {
    expectProblem(await read(path), 'validation_failed');
  });

  it('accept the largest possible position', async () => {
    const largest = `${'9'.repeat(20)}-${'9'.repeat(20)}`;
    const answer = await read(`users/${person.user.id}/history?asOf=${largest}`);
    expect(answer.status).toBe(200);
  });
});
