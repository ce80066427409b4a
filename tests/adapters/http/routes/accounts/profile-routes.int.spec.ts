import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, expectSignedIn } from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());

const change = (token: string, body: unknown) =>
  app.client.call('PATCH', '/v1/me', { token, body });

describe('the profile of a user', () => {
  it('equals the user in the answer of the sign-in, and forbids caching', async () => {
    const { accessToken, user } = await app.client.signUp({ username: 'reader' });

    const answer = await app.client.me(accessToken);

    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(answer.json).toStrictEqual(user);
  });
});

describe('a change of the profile', () => {
  it('changes the given members and answers the whole profile', async () => {
    const { accessToken, user } = await app.client.signUp();

    const answer = await change(accessToken, { displayName: ' Anna ', username: 'Anna' });

    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(answer.json).toStrictEqual({ ...user, displayName: 'Anna', username: 'anna' });
    expect((await app.client.me(accessToken)).json).toStrictEqual(answer.json);
    expect(await app.events(`user-${user.id}`)).toStrictEqual([
      'UserRegistered',
      'EmailVerificationRequested',
      'UsernameChanged',
      'DisplayNameChanged',
    ]);
  });

  it('stores nothing if nothing differs', async () => {
    const { accessToken } = await app.client.signUp({ username: 'same' });
    const before = await app.countEvents();

    expect((await change(accessToken, { displayName: 'Ann', username: 'SAME' })).status).toBe(200);

    expect(await app.countEvents()).toBe(before);
  });

  it('makes the new username valid for sign-in and frees the old one', async () => {
    const { accessToken, user } = await app.client.signUp({ username: 'before' });

    await change(accessToken, { username: 'after' });

    expect(expectSignedIn(await app.client.signIn('after')).user.id).toBe(user.id);
    expectProblem(await app.client.signIn('before'), 'invalid_credentials');
    await app.client.signUp({ username: 'before' });
  });

  it('is refused with the username of another user, and changes nothing', async () => {
    await app.client.signUp({ username: 'mine' });
    const { accessToken, user } = await app.client.signUp();

    const answer = await change(accessToken, { displayName: 'Other', username: 'Mine' });

    expectProblem(answer, 'identifier_taken');
    expect((await app.client.me(accessToken)).json).toStrictEqual(user);
  });

  it.each([
    ['display_name_invalid', { displayName: '' }],
    ['display_name_invalid', { displayName: 'x'.repeat(101) }],
    ['username_invalid', { username: '.x.' }],
    ['username_invalid', { displayName: 'Fine', username: 'no spaces' }],
    ['validation_failed', {}],
    ['validation_failed', { displayName: null }],
    ['validation_failed', { email: 'new@example.com' }],
    ['validation_failed', { displayName: 'Ann', role: 'admin' }],
  ] as const)('is refused with %s for %j and changes nothing', async (code, body) => {
    const { accessToken } = await app.client.signUp();
    const before = await app.countEvents();

    expectProblem(await change(accessToken, body), code);

    expect(await app.countEvents()).toBe(before);
  });
});

describe('one username requested by many users at once', () => {
  it('is given to one of them', async () => {
    const people = await times(8, () => app.client.signUp());

    const answers = await Promise.all(
      people.map(({ accessToken }) => change(accessToken, { username: 'popular' })),
    );

    const refused = answers.filter(({ status }) => status !== 200);
    for (const answer of refused) expectProblem(answer, 'identifier_taken');
    expect(refused).toHaveLength(7);
  });
});

describe('a user who changes the username many times at once', () => {
  it('has one username afterwards, and every other one is free', async () => {
    const { accessToken, user } = await app.client.signUp({ username: 'start' });
    const names = Array.from({ length: 6 }, (_, n) => `start-${n}`);

    const answers = await Promise.all(
      [...names, ...names].map((username) => change(accessToken, { username })),
    );

    expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([200]));
    const claims = await app.sql<{ value: string; expires_at: string | null }>(
      "SELECT value, expires_at FROM identifier_claims WHERE user_id = $1 AND kind = 'username'",
      user.id,
    );
    const { username } = (await app.client.me(accessToken)).json as { username: string };
    expect(claims).toStrictEqual([{ value: username, expires_at: null }]);
  });
});
