import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import {
  expectPair,
  expectProblem,
  expectSignedIn,
  PASSWORD,
  type SignedIn,
  type TokenPair,
} from '../../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../../support/servers/latchkey-process.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

const WRONG = 'a horse on an escalator';
const FRESH_SECONDS = 5 * 60;

const environment = { LATCHKEY_MASTER_KEY: newMasterKey() };
let app: RunningApp;
/** Another process that uses the same database. */
let other: RunningApp;
let admin: SignedIn;
beforeAll(async () => {
  app = await startRunningApp(environment);
  other = await startRunningApp(environment, app);
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await other?.close();
  await app.close();
});
afterEach(() => {
  vi.useRealTimers();
});

const send = (method: string, path: string, body?: object, token = admin.accessToken) =>
  app.client.call(method, `/v1/admin/users/${path}`, {
    token,
    ...(body !== undefined && { body }),
  });

const expectDone = async (...call: Parameters<typeof send>): Promise<void> => {
  expect(await send(...call)).toMatchObject({
    status: 204,
    text: '',
    headers: { 'cache-control': 'no-store' },
  });
};

const eventsOf = ({ user }: SignedIn) => app.events(`user-${user.id}`);

const claimsIn = ({ accessToken }: TokenPair): unknown =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());

const expectRefusedEverywhere = async ({ accessToken, refreshToken }: TokenPair): Promise<void> => {
  expectProblem(await app.client.me(accessToken), 'access_token_invalid');
  await eventually(
    async () => (await other.client.me(accessToken)).status === 401,
    'the other process refuses the access token',
  );
  expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
  expectProblem(await other.client.refresh(refreshToken), 'refresh_token_invalid');
};

describe('a role changed by an administrator', () => {
  it('is visible at once in the profile, and in the access token after a refresh', async () => {
    const person = await app.client.signUp();

    await expectDone('PUT', `${person.user.id}/role`, { role: 'admin' });

    expect((await app.client.me(person.accessToken)).json).toMatchObject({ role: 'admin' });
    expect(claimsIn(person)).toMatchObject({ role: 'user' });
    const refreshed = expectPair(await app.client.refresh(person.refreshToken));
    expect(claimsIn(refreshed)).toMatchObject({ role: 'admin' });

    await expectDone('PUT', `${person.user.id}/role`, { role: 'user' });
    expect((await app.client.me(refreshed.accessToken)).json).toMatchObject({ role: 'user' });
  });

  it('is recorded with the administrator as actor', async () => {
    const person = await app.client.signUp();

    await expectDone('PUT', `${person.user.id}/role`, { role: 'admin' });

    const actors = await app.sql(
      `SELECT metadata->>'actor' AS actor FROM events WHERE stream_id = $1 AND type = 'RoleChanged'`,
      `user-${person.user.id}`,
    );
    expect(actors).toStrictEqual([{ actor: admin.user.id }]);
    await expectDone('PUT', `${person.user.id}/role`, { role: 'user' });
  });
});

describe('a tier changed by an administrator', () => {
  it('is visible at once in the profile and recorded once', async () => {
    const person = await app.client.signUp();

    await expectDone('PUT', `${person.user.id}/tier`, { tier: 'member' });
    await expectDone('PUT', `${person.user.id}/tier`, { tier: 'member' });

    expect((await app.client.me(person.accessToken)).json).toMatchObject({ tier: 'member' });
    const refreshed = expectPair(await app.client.refresh(person.refreshToken));
    expect(claimsIn(refreshed)).toMatchObject({ tier: 'member' });
    expect(await eventsOf(person)).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
      'TierChanged',
    ]);
  });
});

describe('a user deactivated by an administrator', () => {
  it('has every token revoked in every process, and cannot sign in until reactivation', async () => {
    const first = await app.client.signUp();
    const { id, email } = first.user;
    const second = expectSignedIn(await other.client.signIn(email));
    const [, rotated = first] = await app.client.rotate(first, 1);

    await expectDone('POST', `${id}/deactivate`);

    await expectRefusedEverywhere(second);
    await expectRefusedEverywhere(rotated);
    expectProblem(await app.client.me(first.accessToken), 'access_token_invalid');
    expectProblem(await other.client.signIn(email), 'invalid_credentials');

    await expectDone('POST', `${id}/reactivate`);

    await expectRefusedEverywhere(second);
    await expectRefusedEverywhere(rotated);
    expectSignedIn(await other.client.signIn(email));
  });
});

describe('a user signed out everywhere by an administrator', () => {
  it('loses every session, with the administrator recorded as actor', async () => {
    const person = await app.client.signUp();
    const second = expectSignedIn(await app.client.signIn(person.user.email));

    await expectDone('DELETE', `${person.user.id}/sessions`);

    await expectRefusedEverywhere(person);
    await expectRefusedEverywhere(second);
    const revoked = await app.sql(
      `SELECT data->>'reason' AS reason, metadata->>'actor' AS actor FROM events
        WHERE type = 'TokenFamilyRevoked' AND data->>'userId' = $1`,
      person.user.id,
    );
    const revocation = { reason: 'admin', actor: admin.user.id };
    expect(revoked).toStrictEqual([revocation, revocation]);
    expectSignedIn(await app.client.signIn(person.user.email));
  });
});

describe('an account unlocked by an administrator', () => {
  it('accepts the correct password again', async () => {
    const { user } = await app.client.signUp();
    for (let n = 0; n < 10; n += 1) await app.client.signIn(user.email, WRONG);
    expectProblem(await app.client.signIn(user.email), 'invalid_credentials');

    await expectDone('POST', `${user.id}/unlock`);

    expectSignedIn(await app.client.signIn(user.email));
  });

  it('stays unchanged if it was not locked', async () => {
    const person = await app.client.signUp();
    const before = await app.countEvents();

    await expectDone('POST', `${person.user.id}/unlock`, {});

    expect(await app.countEvents()).toBe(before);
  });
});

const STEPPED_UP = [
  ['PUT', 'role', { role: 'admin' }],
  ['PUT', 'tier', { tier: 'member' }],
  ['POST', 'deactivate', undefined],
  ['POST', 'reactivate', undefined],
] as const;

describe('an administrator whose sign-in is older than five minutes', () => {
  it.each(STEPPED_UP)('needs the password for %s …/%s', async (method, name, body) => {
    const session = await signUpAdmin(app);
    const person = await app.client.signUp();
    const path = `${person.user.id}/${name}`;
    const before = await eventsOf(person);
    skipSeconds(FRESH_SECONDS + 1);

    const attempt = (password?: string) =>
      send(method, path, { ...body, ...(password && { password }) }, session.accessToken);

    expectProblem(await attempt(), 'step_up_required');
    expectProblem(await attempt(WRONG), 'invalid_credentials');
    expect(await eventsOf(person)).toStrictEqual(before);
    expect((await attempt(PASSWORD)).status).toBe(204);
    vi.useRealTimers();
    await expectDone('POST', `${person.user.id}/deactivate`);
    await expectDone('POST', `${session.user.id}/deactivate`);
  });

  it.each([
    ['POST', 'unlock'],
    ['DELETE', 'sessions'],
  ])('needs no password for %s …/%s', async (method, name) => {
    const person = await app.client.signUp();
    const session = await signUpAdmin(app);
    skipSeconds(FRESH_SECONDS + 1);

    await expectDone(method, `${person.user.id}/${name}`, undefined, session.accessToken);
    await expectDone('POST', `${session.user.id}/deactivate`, { password: PASSWORD });
  });
});

const ALL = [
  ...STEPPED_UP,
  ['POST', 'unlock', undefined],
  ['DELETE', 'sessions', undefined],
] as const;

describe.each(ALL)('%s /v1/admin/users/{id}/%s', (method, name, body) => {
  it.each([
    'user_00000000000000000000000000',
    '%00',
    'user_%00',
    '%F0%9F%94%91',
    'a'.repeat(200),
    "'--",
    '..%2f..',
    'constructor',
  ])('answers user_not_found for the id %s and stores nothing', async (id) => {
    const before = await app.countEvents();

    expectProblem(await send(method, `${id}/${name}`, body), 'user_not_found');

    expect(await app.countEvents()).toBe(before);
  });
});

describe('an undocumented request to change an account', () => {
  it.each([
    ['PUT', 'role', {}],
    ['PUT', 'role', undefined],
    ['PUT', 'role', []],
    ['PUT', 'role', { role: 'owner' }],
    ['PUT', 'role', { role: ['admin'] }],
    ['PUT', 'role', { role: 'admin', tier: 'member' }],
    ['PUT', 'role', { role: 'admin', userId: 'user_1' }],
    ['PUT', 'role', { role: 'admin', password: 5 }],
    ['PUT', 'tier', {}],
    ['PUT', 'tier', { tier: 'anonymous' }],
    ['PUT', 'tier', { tier: 'member', role: 'admin' }],
    ['POST', 'deactivate', { reason: 'x' }],
    ['POST', 'deactivate', { active: true }],
    ['POST', 'deactivate', []],
    ['POST', 'reactivate', { role: 'admin' }],
    ['POST', 'unlock', { password: PASSWORD }],
    ['POST', 'unlock', { role: 'admin' }],
  ])('is refused and stores nothing: %s …/%s %j', async (method, name, body) => {
    const { user } = await app.client.signUp();
    const before = await app.countEvents();

    expectProblem(await send(method, `${user.id}/${name}`, body), 'validation_failed');

    expect(await app.countEvents()).toBe(before);
  });

  it.each(['PATCH', 'PUT', 'POST'])('is not found: %s of a whole account', async (method) => {
    const { user } = await app.client.signUp();

    expectProblem(await send(method, user.id, { role: 'admin' }), 'route_not_found');
  });
});

describe('an administrator who tries many passwords', () => {
  let limited: RunningApp;
  beforeAll(async () => {
    limited = await startRunningApp({ ...environment, LATCHKEY_RATE_LIMITS: 'on' }, app);
  });
  afterAll(() => limited?.close());

  it('is refused after thirty in a minute across all routes', async () => {
    const { accessToken: token } = await signUpAdmin(app);
    const { user } = await app.client.signUp();
    const body = { tier: 'member', password: PASSWORD.slice(1) };
    const path = `/v1/admin/users/${user.id}`;

    const answers = await times(31, (n) =>
      n % 2 === 0
        ? limited.client.call('PUT', `${path}/tier`, { token, body })
        : limited.client.call('POST', `${path}/deactivate`, { token, body: { password: 'wrong' } }),
    );

    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    for (const answer of refused) expectProblem(answer, 'rate_limited');
    expect((await app.client.signIn(user.email)).status).toBe(201);
  });
});

describe('users who sign in while they are deactivated', () => {
  it('have no live session afterwards, whichever request was first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { user } = await app.client.signUp();

      const [, ...answers] = await Promise.all([
        send('POST', `${user.id}/deactivate`),
        ...(await times(6, async (n) => (n % 2 === 0 ? app : other).client)).map((client) =>
          client.signIn(user.email),
        ),
      ]);

      const pairs = answers
        .filter(({ status }) => status === 201)
        .map(({ json }) => json as TokenPair);
      for (const { accessToken, refreshToken } of pairs) {
        for (const { client } of [app, other]) {
          await eventually(
            async () => (await client.me(accessToken)).status === 401,
            'the access token is refused',
          );
          expectProblem(await client.refresh(refreshToken), 'refresh_token_invalid');
        }
      }
      const alive = await app.sql(
        'SELECT FROM sessions WHERE user_id = $1 AND revoked_at IS NULL',
        user.id,
      );
      expect(alive).toStrictEqual([]);
    }
  });
});

describe('an account without credentials', () => {
  it('cannot become an administrator, and a guest cannot get another tier', async () => {
    const guest = expectSignedIn(await app.client.call('POST', '/v1/sessions/guest', { body: {} }));

    expectProblem(
      await send('PUT', `${guest.user.id}/role`, { role: 'admin' }),
      'account_incomplete',
    );
    expectProblem(
      await send('PUT', `${guest.user.id}/tier`, { tier: 'free' }),
      'account_incomplete',
    );
    expect(await eventsOf(guest)).toStrictEqual(['UserRegistered']);
  });
});
