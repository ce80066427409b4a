import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  expectPair,
  expectProblem,
  type TokenPair,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

const THIEF = 'curl/8.0 (somebody else)';

let app: RunningApp;
afterEach(() => {
  vi.useRealTimers();
});

/** Starts a service with these settings for the enclosing `describe`. */
const configured = (environment: Readonly<Record<string, string>>): void => {
  beforeAll(async () => {
    app = await startRunningApp(environment);
  });
  afterAll(() => app.close());
};

const last = (pairs: readonly TokenPair[]): TokenPair => {
  const pair = pairs.at(-1);
  if (pair === undefined) throw new TypeError('there are pairs');
  return pair;
};

/** Expects every token of the session to be refused, without further events. */
const expectDead = async (pairs: readonly TokenPair[]): Promise<void> => {
  const before = await app.countEvents();
  for (const { accessToken, refreshToken } of pairs) {
    expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
    expectProblem(await app.client.refresh(refreshToken, THIEF), 'refresh_token_invalid');
  }
  expect(await app.countEvents()).toBe(before);
};

/** The events that ended the session. */
const theftOf = async ({ sessionId }: TokenPair) => {
  const rows = await app.sql<{ type: string; data: Record<string, unknown>; actor: string }>(
    `SELECT type, data, metadata->>'actor' AS actor FROM events
      WHERE stream_id = $1 ORDER BY revision DESC LIMIT 2`,
    `tokenFamily-${sessionId}`,
  );
  return rows
    .map(({ type, data: { cause, reason }, actor }) => ({ type, cause, reason, actor }))
    .reverse();
};

const stolen = (cause: string) => [
  { type: 'TokenTheftDetected', cause, reason: undefined, actor: 'system' },
  { type: 'TokenFamilyRevoked', cause: undefined, reason: 'theft', actor: 'system' },
];

describe('with the default configuration', () => {
  configured({});

  describe('a refresh token two generations old', () => {
    it.each([
      ['the client it was issued to', undefined],
      ['another client', THIEF],
    ])('ends the whole session when presented by %s', async (_, agent) => {
      const pairs = await app.client.rotate(await app.client.signUp(), 3);
      const [first] = pairs;

      expectProblem(
        await app.client.refresh(first?.refreshToken ?? '', agent),
        'refresh_token_reused',
      );

      expect(await theftOf(last(pairs))).toStrictEqual(stolen('older_generation'));
      await expectDead(pairs);
    });

    it('leaves the other sessions of the user live', async () => {
      const person = await app.client.signUp();
      const other = await app.client.signIn(person.user.email);
      const [first] = await app.client.rotate(person, 2);

      await app.client.refresh(first?.refreshToken ?? '', THIEF);

      const { accessToken, refreshToken } = other.json as TokenPair;
      expect((await app.client.me(accessToken)).status).toBe(200);
      expectPair(await app.client.refresh(refreshToken));
    });
  });

  describe('the refresh token before the live one', () => {
    it('ends the session at once when another client presents it', async () => {
      const pairs = await app.client.rotate(await app.client.signUp(), 1);

      expectProblem(
        await app.client.refresh(pairs[0]?.refreshToken ?? '', THIEF),
        'refresh_token_reused',
      );

      expect(await theftOf(last(pairs))).toStrictEqual(stolen('other_client'));
      await expectDead(pairs);
    });

    it('ends the session when presented after the grace window', async () => {
      const pair = await app.client.signUp();
      skipSeconds(0);
      const pairs = await app.client.rotate(pair, 1);

      skipSeconds(30);
      expectProblem(await app.client.refresh(pair.refreshToken), 'refresh_token_reused');

      expect(await theftOf(pair)).toStrictEqual(stolen('after_grace'));
      await expectDead(pairs);
    });
  });

  describe('a live refresh token presented by thief and owner at the same time', () => {
    it('leaves neither of them with a live session', async () => {
      for (let round = 0; round < 10; round += 1) {
        const pair = await app.client.signUp();

        const answers = await Promise.all([
          app.client.refresh(pair.refreshToken),
          app.client.refresh(pair.refreshToken, THIEF),
        ]);

        expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 401]);
        const winner = answers.find(({ status }) => status === 200);
        expect(await theftOf(pair)).toStrictEqual(stolen('other_client'));
        await expectDead([pair, winner?.json as TokenPair]);
      }
    });
  });
});

describe('a theft with the setting to end every session', () => {
  configured({ LATCHKEY_THEFT_SCOPE: 'user' });

  it('ends every session of that user and no session of another one', async () => {
    const person = await app.client.signUp();
    const neighbour = await app.client.signUp();
    const other = (await app.client.signIn(person.user.email)).json as TokenPair;
    const pairs = await app.client.rotate(person, 2);

    expectProblem(await app.client.refresh(person.refreshToken, THIEF), 'refresh_token_reused');

    await expectDead([...pairs, other]);
    expect((await theftOf(other)).at(-1)).toMatchObject({ reason: 'theft' });
    expect((await app.client.me(neighbour.accessToken)).status).toBe(200);
  });
});

describe('with a grace window of zero', () => {
  configured({ LATCHKEY_REFRESH_GRACE_SECONDS: '0' });

  it('a superseded token presented again at once ends the session', async () => {
    const pairs = await app.client.rotate(await app.client.signUp(), 1);

    expectProblem(await app.client.refresh(pairs[0]?.refreshToken ?? ''), 'refresh_token_reused');

    expect(await theftOf(last(pairs))).toStrictEqual(stolen('after_grace'));
    await expectDead(pairs);
  });
});

describe('with the recovery of lost responses', () => {
  configured({ LATCHKEY_REFRESH_GRACE_SECONDS: '1', LATCHKEY_REFRESH_LOST_RESPONSE: 'recover' });

  it('the same client gets the identical successor long after the grace window', async () => {
    const pairs = await app.client.rotate(await app.client.signUp(), 1);

    skipSeconds(86_400);
    const again = expectPair(await app.client.refresh(pairs[0]?.refreshToken ?? ''));

    expect(again.refreshToken).toBe(last(pairs).refreshToken);
  });
});
