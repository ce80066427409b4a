import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import {
  expectPair,
  expectProblem,
  type TokenPair,
} from '../../../../support/servers/http-client.ts';
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

const streamOf = ({ sessionId }: TokenPair): string => `tokenFamily-${sessionId}`;

const countOf = (types: readonly string[], wanted: string): number =>
  types.filter((type) => type === wanted).length;

describe('a refresh token presented fifty times at once', () => {
  it('rotates once and gives every request the identical successor', async () => {
    const pair = await app.client.signUp();

    const answers = await times(50, () => app.client.refresh(pair.refreshToken));

    const pairs = answers.map(expectPair);
    expect(new Set(pairs.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const types = await app.events(streamOf(pair));
    expect(countOf(types, 'RefreshTokenRotated')).toBe(1);
    expect(new Set(types)).not.toContain('TokenTheftDetected');
    for (const { accessToken } of pairs) {
      expect((await app.client.me(accessToken)).status).toBe(200);
    }
    expectPair(await app.client.refresh(pairs[0]?.refreshToken ?? ''));
  });

  it('leaves one live refresh token', async () => {
    const pair = await app.client.signUp();

    await times(50, () => app.client.refresh(pair.refreshToken));

    const rows = await app.sql<{ generation: number; live: boolean }>(
      `SELECT generation, rotated_at IS NULL AND revoked_at IS NULL AS live FROM refresh_tokens
        WHERE token_family = $1 ORDER BY generation`,
      pair.sessionId,
    );
    expect(rows).toStrictEqual([
      { generation: 0, live: false },
      { generation: 1, live: true },
    ]);
  });
});

/** Expects every token that was ever issued for the session to be refused. */
const expectNothingWorks = async (pairs: readonly TokenPair[]): Promise<void> => {
  for (const { accessToken, refreshToken } of pairs) {
    expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
  }
};

const pairsIn = (answers: readonly { status: number; json: unknown }[]): readonly TokenPair[] =>
  answers.filter(({ status }) => status === 200).map(({ json }) => json as TokenPair);

describe.each([
  [
    'the session is signed out',
    ({ accessToken }: TokenPair) =>
      app.client.call('DELETE', '/v1/sessions/current', { token: accessToken }),
  ],
  [
    'every session is signed out',
    ({ accessToken }: TokenPair) =>
      app.client.call('DELETE', '/v1/sessions', { token: accessToken }),
  ],
])('a session that refreshes while %s', (_, signOut) => {
  it('has no valid token afterwards, twenty times out of twenty', async () => {
    for (let round = 0; round < 20; round += 1) {
      const pair = await app.client.signUp();

      const refreshes = times(4, () => app.client.refresh(pair.refreshToken));
      const signedOut = signOut(pair);
      const answers = await refreshes;

      expect((await signedOut).status).toBe(204);
      await expectNothingWorks([pair, ...pairsIn(answers)]);
      const types = await app.events(streamOf(pair));
      expect(countOf(types, 'TokenFamilyRevoked')).toBe(1);
      expect(types.at(-1)).toBe('TokenFamilyRevoked');
    }
  });
});

describe('an account deactivated while its sessions refresh', () => {
  it('has no valid token afterwards', async () => {
    const person = await app.client.signUp();
    const others = await times(5, () => app.client.signIn(person.user.email));
    const pairs = [person, ...others.map(({ json }) => json as TokenPair)];

    const refreshes = Promise.all(
      pairs.map(({ refreshToken }) => app.client.refresh(refreshToken)),
    );
    await app.get(tokens.deactivateUser)(person.user.id, visitor);

    await expectNothingWorks([...pairs, ...pairsIn(await refreshes)]);
  });
});
