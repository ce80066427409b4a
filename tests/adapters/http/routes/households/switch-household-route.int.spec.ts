import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimsIn } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
} from '../../../../support/households/shared-household.ts';
import {
  type Answer,
  expectPair,
  expectProblem,
  expectSignedIn,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let flat: SharedHousehold;
let member: SignedIn;
beforeAll(async () => {
  app = await startRunningApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  flat = await shareHousehold(app);
  ({ member } = flat);
});
afterEach(() => {
  vi.useRealTimers();
});

const THIEF = 'curl/8.0';

/** Expects an answer without a refresh token. */
const expectAccessAlone = (answer: Answer): Readonly<{ accessToken: string }> => {
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json).toStrictEqual({
    tokenType: 'Bearer',
    accessToken: expect.any(String),
    expiresIn: expect.any(Number),
    sessionId: member.sessionId,
  });
  return answer.json as { accessToken: string };
};
const household = async (): Promise<string | null | undefined> => {
  const [row] = await app.sql<{ household_id: string | null }>(
    'SELECT household_id FROM sessions WHERE id = $1',
    member.sessionId,
  );
  return row?.household_id;
};
const presentAs = (agent: string, body: object) =>
  app.client.call('PUT', '/v1/sessions/current/household', {
    token: member.accessToken,
    body,
    agent,
  });

describe('a session that switches households with its access token alone', () => {
  it('gets an access token for that household and no refresh token', async () => {
    const { homes, id } = flat;
    const { accessToken } = expectAccessAlone(await homes.switchTo(member.accessToken, id));
    expect(claimsIn(accessToken)).toMatchObject({ hh: id, hh_role: 'member' });
    expect((await app.client.me(accessToken)).status).toBe(200);
    expectProblem(await app.client.me(member.accessToken), 'access_token_invalid');
    expect(await household()).toBe(id);
  });

  it('does not live longer, however often it switches', async () => {
    const { homes, id } = flat;
    const { exp, hh } = claimsIn(member.accessToken);
    skipSeconds(300);
    let { accessToken } = member;
    for (const household of [id, hh ?? '', id]) {
      ({ accessToken } = expectAccessAlone(await homes.switchTo(accessToken, household)));
      expect(claimsIn(accessToken)).toMatchObject({ hh: household, exp });
    }
    skipSeconds(300);
    expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    expectProblem(await homes.switchTo(accessToken, id), 'access_token_invalid');
  });

  it('keeps its refresh token, which then refreshes to the chosen household', async () => {
    const { homes, id } = flat;
    expectAccessAlone(await homes.switchTo(member.accessToken, id));
    const next = expectPair(await app.client.refresh(member.refreshToken));
    expect(claimsIn(next.accessToken)).toMatchObject({ hh: id, hh_role: 'member' });
  });

  it('has every earlier access token revoked, including those of replays and refreshes', async () => {
    const { homes, id } = flat;
    const second = expectPair(await app.client.refresh(member.refreshToken));
    const replayed = expectPair(await app.client.refresh(member.refreshToken));
    expectAccessAlone(await homes.switchTo(second.accessToken, id));
    for (const { accessToken } of [member, second, replayed]) {
      expectProblem(await app.client.me(accessToken), 'access_token_invalid');
    }
    const rows = await app.sql<{ jti: string }>(
      'SELECT jti FROM revoked_tokens WHERE jti LIKE $1 ORDER BY jti',
      `${member.sessionId}%`,
    );
    expect(rows.map(({ jti }) => jti)).toStrictEqual(
      [0, 1, 2].map((ordinal) => `${member.sessionId}.${ordinal}`),
    );
  });

  it('gets a new access token for its current household', async () => {
    const { homes } = flat;
    const home = claimsIn(member.accessToken).hh ?? '';
    const { accessToken } = expectAccessAlone(await homes.switchTo(member.accessToken, home));
    expect(claimsIn(accessToken).hh).toBe(home);
    expectProblem(await app.client.me(member.accessToken), 'access_token_invalid');
  });
});

describe('a session that switches households with its refresh token', () => {
  it('gets the next token pair, and every earlier token is revoked', async () => {
    const { homes, id } = flat;
    const pair = expectPair(await homes.switchTo(member.accessToken, id, member.refreshToken));
    expect(pair.sessionId).toBe(member.sessionId);
    expect(claimsIn(pair.accessToken)).toMatchObject({ hh: id, hh_role: 'member' });
    expectProblem(await app.client.me(member.accessToken), 'access_token_invalid');
    const back = claimsIn(member.accessToken).hh ?? '';
    const home = expectPair(await homes.switchTo(pair.accessToken, back, pair.refreshToken));
    expect(claimsIn(home.accessToken)).toMatchObject({ hh: back, hh_role: 'owner' });
    expect(await app.events(`tokenFamily-${member.sessionId}`)).toStrictEqual([
      'TokenFamilyStarted',
      'ActiveHouseholdSwitched',
      'RefreshTokenRotated',
      'ActiveHouseholdSwitched',
      'RefreshTokenRotated',
    ]);
  });

  it('acts in the household of its token, also when a refresh exchanged it a moment before', async () => {
    const { homes, id } = flat;
    const refreshed = expectPair(await app.client.refresh(member.refreshToken));
    const pair = expectPair(await homes.switchTo(member.accessToken, id, member.refreshToken));
    expect(pair.refreshToken).toBe(refreshed.refreshToken);
    expect(claimsIn(pair.accessToken).hh).toBe(id);
    expect(await household()).toBe(id);
    expectProblem(await app.client.me(refreshed.accessToken), 'access_token_invalid');
    await homes.remove(flat.owner.accessToken, id, member.user.id);
    expectProblem(await app.client.me(pair.accessToken), 'access_token_invalid');
  });

  it('is refused with the token of another session, which stays valid', async () => {
    const { homes, id, admin } = flat;
    const other = expectSignedIn(await app.client.signIn(member.user.email));
    const before = await app.countEvents();
    for (const foreign of [other, admin]) {
      const answer = await homes.switchTo(member.accessToken, id, foreign.refreshToken);
      expectProblem(answer, 'refresh_token_invalid');
    }
    for (const made of ['lkr_none', `${member.refreshToken}x`, 'x']) {
      const answer = await homes.switchTo(member.accessToken, id, made);
      expectProblem(answer, 'refresh_token_invalid');
    }
    expect(await app.countEvents()).toBe(before);
    expectPair(await app.client.refresh(other.refreshToken));
    expect((await app.client.me(member.accessToken)).status).toBe(200);
  });

  it('is ended for theft when the token is an old one', async () => {
    const { homes, id } = flat;
    const pairs = await app.client.rotate(member, 2);
    const live = pairs.at(-1)?.accessToken ?? '';
    expectProblem(await homes.switchTo(live, id, member.refreshToken), 'refresh_token_reused');
    expectProblem(await app.client.me(live), 'access_token_invalid');
    for (const { refreshToken } of pairs.slice(1)) {
      expectProblem(await app.client.refresh(refreshToken), 'refresh_token_invalid');
    }
    expect((await app.events(`tokenFamily-${member.sessionId}`)).slice(-2)).toStrictEqual([
      'TokenTheftDetected',
      'TokenFamilyRevoked',
    ]);
    expect(await household()).not.toBe(id);
  });

  it('is ended for theft when another client presents the token just superseded', async () => {
    expectPair(await app.client.refresh(member.refreshToken));
    const { refreshToken } = member;
    const answer = await presentAs(THIEF, { householdId: flat.id, refreshToken });
    expectProblem(answer, 'refresh_token_reused');
    expectProblem(await app.client.me(member.accessToken), 'access_token_invalid');
  });

  it('is refused with an expired token', async () => {
    skipSeconds(31 * 86_400);
    const answer = await flat.homes.switchTo(member.accessToken, flat.id, member.refreshToken);
    expectProblem(answer, 'access_token_invalid');
  });
});

describe('a refused switch of households', () => {
  it.each([false, true])('changes nothing (with the refresh token: %s)', async (withToken) => {
    const { homes, stranger, id } = flat;
    const before = await app.countEvents();
    const token = withToken ? stranger.refreshToken : undefined;
    const nowhere = 'hh_01m7ytgcr7enwrtyk9vjwgx6fp';
    for (const wanted of [id, claimsIn(member.accessToken).hh ?? '', nowhere, '']) {
      const answer = await homes.switchTo(stranger.accessToken, wanted, token);
      expectProblem(answer, 'household_not_found');
    }
    expect(await app.countEvents()).toBe(before);
    expect((await app.client.me(stranger.accessToken)).status).toBe(200);
    expectPair(await app.client.refresh(stranger.refreshToken));
  });

  it.each([
    {},
    { householdId: 1 },
    { householdId: 'hh_x', more: 1 },
    { householdId: 'hh_x', refreshToken: '' },
    { householdId: 'hh_x', refreshToken: null },
  ])('is the answer to the invalid body %j', async (body) => {
    expectProblem(await presentAs(THIEF, body), 'validation_failed');
  });
});
