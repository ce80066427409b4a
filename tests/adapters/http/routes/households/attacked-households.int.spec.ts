import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { claimsIn } from '../../../../support/households/household-client.ts';
import {
  type SharedHousehold,
  shareHousehold,
} from '../../../../support/households/shared-household.ts';
import {
  expectProblem,
  type SignedIn,
  type TokenPair,
} from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  skipSeconds,
  startRunningApp,
} from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let flat: SharedHousehold;
beforeAll(async () => {
  app = await startRunningApp();
  flat = await shareHousehold(app);
});
afterAll(() => app.close());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const timesOf = (accessToken: string): Readonly<{ iat: number; exp: number }> =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());

describe('a stolen access token that switches households', () => {
  it('never gets a token that expires later, however often it switches', async () => {
    const { accessToken: stolen } = flat.member;
    const { exp } = timesOf(stolen);
    let accessToken = stolen;
    for (const seconds of [200, 390]) {
      skipSeconds(seconds);
      const { json } = await flat.homes.switchTo(accessToken, flat.id);
      const switched = json as TokenPair;
      expect(timesOf(switched.accessToken).exp).toBe(exp);
      expect(switched.expiresIn).toBe(exp - timesOf(switched.accessToken).iat);
      ({ accessToken } = switched);
      vi.useRealTimers();
    }
    skipSeconds(601);
    const late = await flat.homes.switchTo(accessToken, flat.id);
    expectProblem(late, 'access_token_invalid');
  });

  it('gets a token of full lifetime only with the refresh token', async () => {
    const { accessToken, refreshToken } = flat.admin;
    skipSeconds(300);
    const { json } = await flat.homes.switchTo(accessToken, flat.id, refreshToken);
    const { iat, exp } = timesOf((json as TokenPair).accessToken);
    expect(exp - iat).toBe(600);
  });
});

describe('a member with more assigned tasks than one statement releases', () => {
  const TASKS = 7_100;
  /** The number of references that the foreign key may empty together with the membership. */
  const KEPT = 5_000;
  const assign = (householdId: string, userId: string) =>
    app.sql(
      `INSERT INTO tasks (id, household_id, user_id, title, assignee_id, created_at, updated_at)
        SELECT 'task_' || n || $1, $1, $2, 'Stay', $2, now(), now() FROM generate_series(1, ${TASKS}) AS n`,
      householdId,
      userId,
    );
  const assigned = async (userId: string): Promise<number> =>
    (await app.sql('SELECT FROM tasks WHERE assignee_id = $1', userId)).length;

  /** The number of tasks still assigned when the end of the membership is appended. */
  const seenByTheAppend = (userId: string): Promise<number> =>
    new Promise((resolve) => {
      const commands = app.get(tokens.commands);
      const { append } = commands;
      vi.spyOn(commands, 'append').mockImplementationOnce(async (appends) => {
        resolve(await assigned(userId));
        return append(appends);
      });
    });

  it('has the rest released before the membership ends', async () => {
    const own = await shareHousehold(app);
    await assign(own.id, own.member.user.id);
    const left = seenByTheAppend(own.member.user.id);
    const removed = await own.homes.remove(own.owner.accessToken, own.id, own.member.user.id);
    expect([removed.status, await left]).toStrictEqual([204, KEPT]);
  });

  it('has the rest released before the household is deleted', async () => {
    const own = await shareHousehold(app);
    await assign(own.id, own.member.user.id);
    const left = seenByTheAppend(own.member.user.id);
    const dropped = await own.homes.drop(own.owner.accessToken, own.id);
    expect([dropped.status, await left]).toStrictEqual([204, KEPT]);
  });

  it('keeps every row when the deletion of the household is refused at the append', async () => {
    const own = await shareHousehold(app);
    await assign(own.id, own.member.user.id);
    const commands = app.get(tokens.commands);
    const { append } = commands;
    vi.spyOn(commands, 'append').mockImplementationOnce(async (appends) => {
      await own.homes.transfer(own.owner.accessToken, own.id, own.admin.user.id);
      return append(appends);
    });
    const refused = await own.homes.drop(own.owner.accessToken, own.id);
    expectProblem(refused, 'household_role_insufficient');
    expect(await app.sql('SELECT FROM tasks WHERE household_id = $1', own.id)).toHaveLength(TASKS);
  });

  it('keeps every task when the removal is refused', async () => {
    const own = await shareHousehold(app);
    await assign(own.id, own.admin.user.id);
    const refused = await own.homes.remove(own.viewer.accessToken, own.id, own.admin.user.id);
    expectProblem(refused, 'household_role_insufficient');
    expect(await assigned(own.admin.user.id)).toBe(TASKS);
  });
});

describe('a deleted household with open invitations', () => {
  it('has the invited addresses erased', async () => {
    const { homes, owner } = flat;
    const id = await homes.found(owner.accessToken);
    expect((await homes.invite(owner.accessToken, id, 'gone@example.com')).status).toBe(201);
    expect((await homes.drop(owner.accessToken, id)).status).toBe(204);
    const select = 'SELECT invitation_id FROM invitation_addresses WHERE email = $1';
    expect(await app.sql(select, 'gone@example.com')).toStrictEqual([]);
  });
});

describe('a member who refreshes constantly to prevent a removal', () => {
  /** Refreshes the session before every append to several streams. */
  const refreshBeforeAppends = (session: SignedIn) => {
    const commands = app.get(tokens.commands);
    const { append } = commands;
    let { refreshToken } = session;
    return vi.spyOn(commands, 'append').mockImplementation(async (appends) => {
      if (appends.length > 1) {
        const { status, json } = await app.client.refresh(refreshToken);
        expect(status).toBe(200);
        ({ refreshToken } = json as TokenPair);
      }
      return append(appends);
    });
  };

  it('is removed nevertheless, and the tokens are refused', async () => {
    const { homes, owner, viewer, id } = flat;
    const { json } = await homes.switchTo(viewer.accessToken, id, viewer.refreshToken);
    const session = { ...viewer, ...(json as TokenPair) };
    const appends = refreshBeforeAppends(session);
    expect((await homes.remove(owner.accessToken, id, viewer.user.id)).status).toBe(204);
    expect(appends.mock.calls.filter(([streams]) => streams.length > 1)).toHaveLength(3);
    const { accessToken } = session;
    expect(app.get(tokens.denylist).has(claimsIn(accessToken).jti)).toBe(true);
    expect((await homes.members(owner.accessToken, id)).text).not.toContain(viewer.user.id);
    const [row] = await app.sql(
      'SELECT household_id FROM sessions WHERE id = $1',
      viewer.sessionId,
    );
    expect(row).toStrictEqual({ household_id: claimsIn(viewer.accessToken).hh });
  });
});
