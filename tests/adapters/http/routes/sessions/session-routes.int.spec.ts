import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectPair,
  expectProblem,
  expectSignedIn,
  type SignedIn,
  type TokenPair,
} from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

type Session = Readonly<{ id: string; current: boolean; createdAt: string; lastUsedAt: string }>;

let app: RunningApp;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());

const list = async (token: string): Promise<readonly Session[]> => {
  const answer = await app.client.call('GET', '/v1/sessions', { token });
  expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  return (answer.json as { sessions: Session[] }).sessions;
};

const end = (token: string, path: string) =>
  app.client.call('DELETE', `/v1/sessions${path}`, { token });

/** Signs up a user with three sessions. */
const person = async (): Promise<readonly [SignedIn, SignedIn, SignedIn]> => {
  const first = await app.client.signUp();
  const signIn = async () => expectSignedIn(await app.client.signIn(first.user.email));
  return [first, await signIn(), await signIn()];
};

const expectAlive = async ({ accessToken, refreshToken }: TokenPair): Promise<void> => {
  expect((await app.client.me(accessToken)).status).toBe(200);
  expectPair(await app.client.refresh(refreshToken));
};

const expectDead = async ({ accessToken, refreshToken }: TokenPair): Promise<void> => {
  expectProblem(await app.client.me(accessToken), 'access_token_invalid');
  expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
};

const expectEnded = async (token: string, path: string): Promise<void> => {
  const answer = await end(token, path);
  expect(answer).toMatchObject({
    status: 204,
    text: '',
    headers: { 'cache-control': 'no-store' },
  });
};

describe('the list of sessions', () => {
  it('has device, address, user agent and times of each, and marks the current one', async () => {
    const { accessToken, sessionId, user } = await app.client.signUp({ deviceName: 'Laptop' });
    const phone = await app.client.call('POST', '/v1/sessions', {
      body: { identifier: user.email, password: 'a horse on a staircase', deviceName: 'Phone' },
      agent: 'Phone/2.0',
    });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const times = { createdAt: time, lastUsedAt: time, expiresAt: time };

    expect(await list(accessToken)).toStrictEqual([
      {
        id: expectSignedIn(phone).sessionId,
        deviceName: 'Phone',
        ip: '127.0.0.1',
        userAgent: 'Phone/2.0',
        ...times,
        current: false,
      },
      {
        id: sessionId,
        deviceName: 'Laptop',
        ip: '127.0.0.1',
        userAgent: 'Laptop/1.0 (tests)',
        ...times,
        current: true,
      },
    ]);
  });

  it('has the most recently used session first', async () => {
    const [first, second, third] = await person();

    await app.client.refresh(second.refreshToken);

    const ids = (await list(first.accessToken)).map(({ id }) => id);
    expect(ids).toStrictEqual([second.sessionId, third.sessionId, first.sessionId]);
  });

  it('has no session of another user', async () => {
    await person();
    const { accessToken, sessionId } = await app.client.signUp();

    expect((await list(accessToken)).map(({ id }) => id)).toStrictEqual([sessionId]);
  });
});

describe('a sign-out', () => {
  it('ends only the current session', async () => {
    const [first, second, third] = await person();

    await expectEnded(second.accessToken, '/current');

    await expectDead(second);
    await expectAlive(third);
    expect((await list(first.accessToken)).map(({ id }) => id)).toStrictEqual([
      third.sessionId,
      first.sessionId,
    ]);
  });

  it('revokes every access token that was issued for the session', async () => {
    const pairs = await app.client.rotate(await app.client.signUp(), 5);
    const latest = pairs.at(-1)?.accessToken ?? '';

    await expectEnded(latest, '/current');

    for (const { accessToken } of pairs) {
      expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    }
  });
});

describe('the end of one session by its id', () => {
  it('ends only that session', async () => {
    const [first, second, third] = await person();

    await expectEnded(first.accessToken, `/${second.sessionId}`);

    await expectDead(second);
    await expectAlive(first);
    await expectAlive(third);
  });

  it('has the same answer when repeated, and stores nothing', async () => {
    const [first, second] = await person();
    await expectEnded(first.accessToken, `/${second.sessionId}`);
    const before = await app.countEvents();

    await expectEnded(first.accessToken, `/${second.sessionId}`);

    expect(await app.countEvents()).toBe(before);
  });

  it('answers session_not_found for another user’s or unknown session, and changes nothing', async () => {
    const [mine] = await person();
    const theirs = await app.client.signUp();
    const before = await app.countEvents();

    for (const id of [theirs.sessionId, '00000000-0000-4000-8000-000000000000']) {
      expectProblem(await end(mine.accessToken, `/${id}`), 'session_not_found');
    }

    expect(await app.countEvents()).toBe(before);
    await expectAlive(theirs);
  });

  it.each(['not-a-uuid', 'CURRENT', '%00', `${'a'.repeat(36)}`, '0'.repeat(150)])(
    'is refused with the malformed id %s',
    async (id) => {
      const { accessToken } = await app.client.signUp();

      expectProblem(await end(accessToken, `/${id}`), 'validation_failed');
    },
  );
});

describe('a sign-out everywhere', () => {
  it('ends every session of the user and none of another user', async () => {
    const sessions = await person();
    const neighbour = await app.client.signUp();

    await expectEnded(sessions[0].accessToken, '');

    for (const session of sessions) await expectDead(session);
    await expectAlive(neighbour);
  });

  it('keeps the current session with ?except=current', async () => {
    const [first, second, third] = await person();

    await expectEnded(second.accessToken, '?except=current');

    await expectDead(first);
    await expectDead(third);
    await expectAlive(second);
  });

  it.each(['?except=other', '?except=', '?except', '?all=true', '?except=current&except=current'])(
    'is refused with %s and ends no session',
    async (query) => {
      const session = await app.client.signUp();

      expectProblem(await end(session.accessToken, query), 'validation_failed');

      await expectAlive(session);
    },
  );
});
