import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectedTables } from '../../../src/application/projections/projected-tables.ts';
import type { Drift } from '../../../src/application/projections/projection-rebuilder.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import {
  crashDuring,
  forgetProjections,
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
} from '../../support/event-log/shared-log.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import { allTables, visitor } from '../../support/servers/composed-system.ts';
import { expectPair, expectSignedIn, type SignedIn } from '../../support/servers/http-client.ts';
import type { RunningApp } from '../../support/servers/running-app.ts';

let log: SharedLog;
let app: RunningApp;
let ann: SignedIn;
beforeAll(async () => {
  log = await openSharedLog();
  app = await log.serve();
  ann = await app.client.signUp();
  const ben = await app.client.signUp({ displayName: 'Ben' });
  expectPair(await app.client.refresh(ben.refreshToken));
  await app.client.call('DELETE', '/v1/sessions/current', { token: ben.accessToken });
  await rename(ann.user.id, 'Ann 1');
  const stop = startProjector(app);
  await projected(app);
  await stop();
});
afterAll(() => log?.close());

const rename = (userId: string, displayName: string) =>
  app.get(tokens.http).changeProfile(userId, { displayName }, visitor);
const projections = () => app.get(tokens.projections);
const verify = async () => (await projections().verify(allTables, () => undefined)).drift;
const rebuild = async () => (await projections().rebuild(allTables, () => undefined)).drift;
const dump = () => dumpProjections(app.get(tokens.database));
const heads = () =>
  app.sql('SELECT stream_id, revision, chain, subject_id FROM streams ORDER BY stream_id');
const everything = async () => ({
  rows: await dump(),
  heads: await heads(),
  index: await app.sql('SELECT * FROM event_index ORDER BY position'),
  position: (await partsOf(app).checkpoint.read()).position,
});

afterEach(async () => {
  expect(await verify()).toStrictEqual([]);
});

describe('unchanged tables', () => {
  it('show no drift, and a rebuild leaves them unchanged', async () => {
    const before = await everything();
    expect(await verify()).toStrictEqual([]);
    expect(await rebuild()).toStrictEqual([]);
    expect(await everything()).toStrictEqual(before);
    expect(await projections().status()).toMatchObject({ status: 'current', events: 11 });
  });
});

describe('tables that were changed without events', () => {
  const planted: readonly [string, string, (drift: readonly Drift[]) => void][] = [
    [
      'a role',
      `UPDATE users SET role = 'admin' WHERE display_name = 'Ann 1'`,
      (drift) =>
        expect(drift).toStrictEqual([
          {
            table: 'users',
            key: { id: ann.user.id },
            column: 'role',
            live: 'admin',
            rebuilt: 'user',
          },
        ]),
    ],
    [
      'missing rows',
      'DELETE FROM refresh_tokens WHERE generation = 1',
      (drift) =>
        expect(drift).toMatchObject([
          { table: 'refresh_tokens', live: '(no row)', rebuilt: 'a row' },
        ]),
    ],
    [
      'a row of an unknown user',
      `INSERT INTO users (id, email, role, tier, is_active, created_at, updated_at)
        VALUES ('user_eve', 'eve@example.com', 'admin', 'free', true, now(), now())`,
      (drift) =>
        expect(drift).toMatchObject([{ table: 'users', live: 'a row', rebuilt: '(no row)' }]),
    ],
    [
      'a revoked session that is live again',
      'UPDATE sessions SET revoked_at = NULL WHERE revoked_at IS NOT NULL',
      (drift) =>
        expect(drift).toMatchObject([{ table: 'sessions', column: 'revoked_at', live: null }]),
    ],
  ];

  it.each(planted)('show drift, and a rebuild repairs it: %s', async (_, plant, check) => {
    const before = await everything();
    await app.sql(plant);
    const broken = await everything();
    expect(broken).not.toStrictEqual(before);
    check(await verify());
    expect(await everything()).toStrictEqual(broken);
    check(await rebuild());
    expect(await everything()).toStrictEqual(before);
  });

  it('are rebuilt from the log when only the keys are left', async () => {
    const before = await everything();
    const lost = Object.values(before.rows).flat().length;
    await forgetProjections(app);
    await rebuild();
    expect(await everything()).toStrictEqual(before);
    await app.sql(`TRUNCATE ${projectedTables.map(({ name }) => name)} CASCADE`);
    expect(await verify()).toHaveLength(lost);
    expect(await rebuild()).toHaveLength(lost);
    expect(await everything()).toStrictEqual(before);
    expectSignedIn(await app.client.signIn(ann.user.email));
    expectPair(await app.client.refresh(ann.refreshToken));
  });
});

describe('stream heads that differ from the log', () => {
  it.each([
    [
      'beyond the log',
      'UPDATE streams SET revision = revision + 3, snapshot_revision = revision + 3',
    ],
    ['behind the log, with all rows', 'UPDATE streams SET revision = 0, chain = $1'],
    ['with another chain value', 'UPDATE streams SET chain = $1'],
    ['missing', 'DELETE FROM streams'],
  ])('are repaired by a rebuild: %s', async (_, text) => {
    const before = await heads();
    const values = text.includes('$1') ? ['ab'.repeat(32)] : [];
    await app.sql(`${text} WHERE stream_id = 'user-${ann.user.id}'`, ...values);
    await rebuild();
    expect(await heads()).toStrictEqual(before);
    await rename(ann.user.id, `Ann ${Math.random()}`);
    const stop = startProjector(app);
    await projected(app);
    await stop();
  });

  it('are deleted by a rebuild if the log has no such stream', async () => {
    const before = await everything();
    await app.sql(`INSERT INTO streams (stream_id, revision, last_xid, chain)
      VALUES ('user-nobody', 4, pg_current_xact_id(), 'ab')`);
    await app.sql(`INSERT INTO event_index
      SELECT '99999999999999999999-99999999999999999999', gen_random_uuid(), 'user-nobody', 4, 4,
        NULL, 'LocaleChanged', now()`);
    await rebuild();
    expect(await everything()).toStrictEqual(before);
  });
});

describe('events that were appended and not projected yet', () => {
  it('are not drift: a verification ignores them, and a rebuild projects them', async () => {
    const crashing = await log.openCrashing();
    const name = 'Ann unprojected';
    await crashDuring(log, 1, () =>
      crashing.get(tokens.http).changeProfile(ann.user.id, { displayName: name }, visitor),
    );
    const named = () => app.sql('SELECT FROM users WHERE display_name = $1', name);
    expect(await verify()).toStrictEqual([]);
    expect(await named()).toHaveLength(0);
    expect(await rebuild()).toStrictEqual([]);
    expect(await named()).toHaveLength(1);
  });
});
