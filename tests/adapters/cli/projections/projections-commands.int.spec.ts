import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';
import type { SignedIn } from '../../../support/servers/http-client.ts';
import { newMasterKey, runLatchkey } from '../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

const masterKey = newMasterKey();
let app: RunningApp;
let ann: SignedIn;
let ben: SignedIn;
beforeAll(async () => {
  app = await startRunningApp({ LATCHKEY_MASTER_KEY: masterKey });
  ann = await app.client.signUp({ displayName: 'Ann' });
  ben = await app.client.signUp({ displayName: 'Ben' });
  await app.client.rotate(ann, 2);
  await app.client.call('DELETE', '/v1/sessions/current', { token: ben.accessToken });
});
afterAll(() => app.close());

const EVENTS = 11;

const environment = () => ({
  DATABASE_URL: app.connectionString,
  LATCHKEY_MASTER_KEY: masterKey,
});
const projections = (...args: string[]) => runCommand(['projections', ...args], environment());

const report = (stdout: string) => JSON.parse(stdout) as { events: number; drift: object[] };

const NO_DRIFT = { code: 0, stdout: `compared with ${EVENTS} events: 0 differences\n`, stderr: '' };

describe('when the tables agree with the log', () => {
  it('projections verify finds no difference and exits 0', async () => {
    expect(await projections('verify')).toStrictEqual(NO_DRIFT);
    expect(await projections('verify', 'users', 'refresh_tokens')).toStrictEqual(NO_DRIFT);
  });

  it('projections status counts events and rows', async () => {
    const { code, stdout } = await projections('status', '--json');

    expect({ code, status: JSON.parse(stdout) }).toStrictEqual({
      code: 0,
      status: {
        status: 'current',
        updatedAt: expect.any(String),
        events: EVENTS,
        rows: {
          users: 2,
          households: 2,
          household_members: 2,
          household_invitations: 0,
          identifier_claims: 2,
          sessions: 2,
          refresh_tokens: 4,
          revoked_tokens: 1,
          tokens: 2,
        },
      },
    });
    expect((await projections('status')).stdout).toMatch(/^status {2}current .*\nevents {2}11\n\n/);
  });
});

describe('when rows were changed by hand', () => {
  beforeAll(async () => {
    await app.sql(
      "UPDATE users SET role = 'admin', display_name = 'Mallory' WHERE id = $1",
      ann.user.id,
    );
    await app.sql('UPDATE sessions SET revoked_at = NULL, revoked_reason = NULL');
    await app.sql('DELETE FROM revoked_tokens');
    await app.sql('DELETE FROM household_members WHERE user_id = $1', ben.user.id);
    await app.sql(
      `INSERT INTO identifier_claims (kind, value, user_id) VALUES ('username', 'root', $1)`,
      ann.user.id,
    );
  });

  it('projections verify reports every difference, exits 1, and changes nothing', async () => {
    const { code, stdout } = await projections('verify', '--json');

    expect(code).toBe(1);
    const { events, drift } = report(stdout);
    expect(events).toBe(EVENTS);
    const places = (drift as { table: string; column: string }[]).map(
      ({ table, column }) => `${table}.${column}`,
    );
    expect(places.sort()).toStrictEqual([
      'household_members.household_id,user_id',
      'identifier_claims.kind,value',
      'revoked_tokens.jti',
      'sessions.revoked_at',
      'sessions.revoked_reason',
      'users.display_name',
      'users.role',
    ]);
    expect((await projections('verify')).code).toBe(1);
  });

  it('projections verify compares only the given tables', async () => {
    expect(await projections('verify', 'households')).toStrictEqual(NO_DRIFT);
    expect((await projections('verify', 'users')).code).toBe(1);
  });

  it('projections verify shows no names or addresses', async () => {
    const { stdout } = await projections('verify');

    expect(stdout).not.toMatch(/Mallory|Ann|root|@example\.com/);
    expect(stdout).toMatch(/: 7 differences\n$/);
  });

  it('projections rebuild repairs one table, then all of them, while the service runs', async () => {
    const one = await projections('rebuild', 'users');
    expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(/: 2 differences\n$/) });
    const all = await projections('rebuild', '--json');
    expect({ code: all.code, drift: report(all.stdout).drift.length }).toStrictEqual({
      code: 0,
      drift: 5,
    });

    expect(await projections('verify')).toStrictEqual(NO_DRIFT);
    expect((await app.client.me(ann.accessToken)).json).toStrictEqual(ann.user);
  });
});

describe('when two rebuilds are started at once', () => {
  it('one waits for the other or is refused, and the tables agree with the log', async () => {
    const rebuild = () => runLatchkey(['projections', 'rebuild'], environment());
    const results = await Promise.all([rebuild(), rebuild()]);

    for (const { code, stderr } of results) {
      if (code === 0) expect(stderr).toBe('');
      else
        expect({ code, stderr }).toStrictEqual({ code: 1, stderr: 'Refused: rebuild_running.\n' });
    }
    expect(results.map(({ code }) => code)).toContain(0);
    expect(await projections('verify')).toStrictEqual(NO_DRIFT);
  });
});
