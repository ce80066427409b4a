import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  crashDuring,
  openSharedLog,
  type SharedLog,
} from '../../../../support/event-log/shared-log.ts';
import {
  allTables,
  type ComposedSystem,
  visitor,
} from '../../../../support/servers/composed-system.ts';
import {
  expectPair,
  expectProblem,
  PASSWORD,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import type { RunningApp } from '../../../../support/servers/running-app.ts';

const NEW_PASSWORD = 'another horse on a staircase';

let log: SharedLog;
let app: RunningApp;
let crashing: ComposedSystem;
let ann: SignedIn;
beforeEach(async () => {
  log = await openSharedLog();
  app = await log.serve();
  crashing = await log.openCrashing();
  ann = await app.client.signUp();
});
afterEach(() => log?.close());

const verify = async () => {
  const { drift } = await app.get(tokens.projections).verify(allTables, () => undefined);
  return drift;
};

/** Makes the next `times` updates of a stream's head fail, in any process. */
const refuse = async (times: number): Promise<void> => {
  await app.sql('CREATE SEQUENCE refusals');
  await app.sql(`CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('refusals') <= ${times} THEN RAISE EXCEPTION 'not now'; END IF;
      RETURN NEW;
    END $$`);
  await app.sql(`CREATE TRIGGER refuse_some BEFORE INSERT OR UPDATE ON streams
    FOR EACH ROW EXECUTE FUNCTION refuse_some()`);
};

describe('an append whose own projection fails', () => {
  it.each([1, 3])('is projected before it returns: %i failures', async (times) => {
    await refuse(times);
    const token = ann.accessToken;
    const body = { displayName: 'Ann 1' };
    expect(await app.client.call('PATCH', '/v1/me', { token, body })).toMatchObject({
      status: 200,
    });
    const [row] = await app.sql('SELECT display_name FROM users');
    expect(row).toStrictEqual({ display_name: 'Ann 1' });
    const events = log.double.events().filter(({ type }) => type === 'DisplayNameChanged');
    expect(events).toHaveLength(1);
    expect(await verify()).toStrictEqual([]);
  });

  it('to several streams is projected completely before it returns', async () => {
    await refuse(2);
    const ben = await app.client.signUp();
    expect((await app.client.me(ben.accessToken)).status).toBe(200);
    expectPair(await app.client.refresh(ben.refreshToken));
    expect(await verify()).toStrictEqual([]);
  });

  it('answers 503 when no projection succeeds, and stays stored', async () => {
    const rename = crashing.get(tokens.http).changeProfile;
    await expect(rename(ann.user.id, { displayName: 'Ann 1' }, visitor)).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    const [first] = log.double.events().slice(-1);
    expect(first).toMatchObject({ type: 'DisplayNameChanged' });
    await app.get(tokens.http).changeProfile(ann.user.id, { locale: 'de' }, visitor);
    const [row] = await app.sql('SELECT display_name, locale FROM users');
    expect(row).toStrictEqual({ display_name: 'Ann 1', locale: 'de' });
  });
});

describe('after a process was killed between its append and the projection', () => {
  const signIn = (password?: string) => app.client.signIn(ann.user.email, password);

  it.each([
    ['the old password is refused', PASSWORD, 401],
    ['the new password signs in', NEW_PASSWORD, 201],
  ])('%s', async (_, password, status) => {
    const change = crashing.get(tokens.http).credentials.changePassword;
    const wish = {
      userId: ann.user.id,
      sessionId: ann.sessionId,
      authTime: Math.floor(Date.now() / 1_000),
      password: PASSWORD,
      newPassword: NEW_PASSWORD,
    };
    await crashDuring(log, 1, () => change(wish, visitor));
    expect((await signIn(password)).status).toBe(status);
    expect(await verify()).toStrictEqual([]);
  });

  it('a deactivated user cannot sign in', async () => {
    await crashDuring(log, 3, () => crashing.get(tokens.deactivateUser)(ann.user.id, visitor));
    expectProblem(await signIn(), 'invalid_credentials');
    expect((await app.client.refresh(ann.refreshToken)).status).toBe(401);
  });

  it('a session that was ended cannot be refreshed', async () => {
    const { sessionId } = ann;
    const end = crashing.get(tokens.http).endSession;
    await crashDuring(log, 1, () => end({ userId: ann.user.id, sessionId }, visitor));
    expectProblem(await app.client.refresh(ann.refreshToken), 'refresh_token_invalid');
  });

  it('a refresh token that was used is a replay, and its successor the same', async () => {
    const rotate = crashing.get(tokens.http).rotateRefreshToken;
    const laptop = { ...visitor, client: { ip: '127.0.0.1', userAgent: 'Laptop/1.0 (tests)' } };
    const before = log.double.events().length;
    await crashDuring(log, 1, () => rotate(ann.refreshToken, laptop));
    const first = expectPair(await app.client.refresh(ann.refreshToken));
    const again = expectPair(await app.client.refresh(ann.refreshToken));
    expect(again.refreshToken).toBe(first.refreshToken);
    const types = log.double
      .events()
      .slice(before)
      .map(({ type }) => type);
    expect(types.filter((type) => type === 'RefreshTokenRotated')).toHaveLength(1);
    expectPair(await app.client.refresh(first.refreshToken));
  });

  it('a user who signed up keeps the address', async () => {
    const account = { email: 'ben@example.com', password: PASSWORD, displayName: 'Ben' };
    await crashDuring(log, 5, () =>
      crashing.get(tokens.http).registration.registerUser(account, visitor),
    );
    const again = await app.client.call('POST', '/v1/users', { body: account });
    expectProblem(again, 'identifier_taken');
  });
});
