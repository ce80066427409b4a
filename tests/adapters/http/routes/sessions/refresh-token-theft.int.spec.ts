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

/** What follows in the `describe` talks to a service configured like that. */
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

/** Nothing of the session works any more, and asking again tells and stores nothing. */
const expectDead = async (pairs: readonly TokenPair[]): Promise<void> => {
  const before = await app.countEvents();
  for (const { accessToken, refreshToken } of pairs) {
    expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
    expectProblem(await app.client.refresh(refreshToken, THIEF), 'refresh_token_invalid');
  }
  expect(await app.countEvents()).toBe(before);
};

/** How the session ended, in the log. */
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

describe('as configured unless told otherwise', () => {
  configured({});

  describe('when a token two generations old is presented', () => {
    it.each([
      ['the client it was made for', undefined],
      ['somebody else', THIEF],
    ])('ends the whole session, presented by %s', async (_, agent) => {
      const pairs = await app.client.rotate(await app.client.signUp(), 3);
      const [first] = pairs;

      expectProblem(
        await app.client.refresh(first?.refreshToken ?? '', agent),
        'refresh_token_reused',
      );

      expect(await theftOf(last(pairs))).toStrictEqual(stolen('older_generation'));
      await expectDead(pairs);
    });

    it('leaves the other sessions of the user alone', async () => {
      const person = await app.client.signUp();
      const other = await app.client.signIn(person.user.email);
      const [first] = await app.client.rotate(person, 2);

      await app.client.refresh(first?.refreshToken ?? '', THIEF);

      const { accessToken, refreshToken } = other.json as TokenPair;
      expect((await app.client.me(accessToken)).status).toBe(200);
      expectPair(await app.client.refresh(refreshToken));
    });
  });

  describe('when the token before the live one is presented', () => {
    it('ends the session at once if another client does it', async () => {
      const pairs = await app.client.rotate(await app.client.signUp(), 1);

      expectProblem(
        await app.client.refresh(pairs[0]?.refreshToken ?? '', THIEF),
        'refresh_token_reused',
      );

      expect(await theftOf(last(pairs))).toStrictEqual(stolen('other_client'));
      await expectDead(pairs);
    });

    it('ends the session if the grace window has passed', async () => {
      const pair = await app.client.signUp();
      skipSeconds(0);
      const pairs = await app.client.rotate(pair, 1);

      skipSeconds(30);
      expectProblem(await app.client.refresh(pair.refreshToken), 'refresh_token_reused');

      expect(await theftOf(pair)).toStrictEqual(stolen('after_grace'));
      await expectDead(pairs);
    });
  });

  describe('when thief and owner present the live token at the same moment', () => {
    it('leaves neither of them a session', async () => {
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

describe('when a theft ends every session of the user', () => {
  configured({ LATCHKEY_THEFT_SCOPE: 'user' });

  it('ends every session of the user and nobody else’s', async () => {
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

describe('when there is no grace window', () => {
  configured({ LATCHKEY_REFRESH_GRACE_SECONDS: '0' });

  it('ends the session when the token before the live one is presented again at once', async () => {
    const pairs = await app.client.rotate(await app.client.signUp(), 1);

    expectProblem(await app.client.refresh(pairs[0]?.refreshToken ?? ''), 'refresh_token_reused');

    expect(await theftOf(last(pairs))).toStrictEqual(stolen('after_grace'));
    await expectDead(pairs);
  });
});

describe('when lost answers are recovered', () => {
  configured({ LATCHKEY_REFRESH_GRACE_SECONDS: '1', LATCHKEY_REFRESH_LOST_RESPONSE: 'recover' });

  it('hands the same client the identical successor long after the grace window', async () => {
    const pairs = await app.client.rotate(await app.client.signUp(), 1);

    skipSeconds(86_400);
    const again = expectPair(await app.client.refresh(pairs[0]?.refreshToken ?? ''));

    expect(again.refreshToken).toBe(last(pairs).refreshToken);
  });
});
