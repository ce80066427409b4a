import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  forgetProjections,
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
} from '../../../../support/event-log/shared-log.ts';
import type { StoredRecord } from '../../../../support/event-store-double/log/stored-record.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import {
  expectPair,
  expectSignedIn,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import type { RunningApp } from '../../../../support/servers/running-app.ts';

let log: SharedLog;
let app: RunningApp;
let ann: SignedIn;
let stop: () => Promise<void>;
beforeEach(async () => {
  log = await openSharedLog();
  app = await log.serve();
  ann = await app.client.signUp();
  stop = async () => undefined;
});
afterEach(async () => {
  await stop();
  await log?.close();
});

const rename = (displayName: string) =>
  app.get(tokens.http).changeProfile(ann.user.id, { displayName }, visitor);
const ready = () => app.client.call('GET', '/health/ready');
const isNamed = (name: string, position: unknown) => async () =>
  (await ready()).text.includes(`"stuck":{"event":"${name}","position":"${position}"}`);

const lastOf = (type: string): StoredRecord => {
  const found = log.double.events().findLast((record) => record.type === type);
  if (found === undefined) throw new TypeError(`no ${type} in the log`);
  return found;
};
const textOf = (position: bigint) => Array(2).fill(String(position).padStart(20, '0')).join('-');
const change = (type: string, how: (record: StoredRecord) => void): void =>
  log.double.tamper((records) => {
    const found = records.findLast((record) => record.type === type);
    if (found !== undefined) how(found);
  });

/** Users can sign up and sign in while the projector is stuck. */
const serves = async (): Promise<void> => {
  const { client } = app;
  const ben = await client.signUp();
  const signedIn = expectSignedIn(await client.signIn(ben.user.email));
  const { accessToken } = expectPair(await client.refresh(signedIn.refreshToken));
  const signedOut = await client.call('DELETE', '/v1/sessions/current', { token: accessToken });
  expect(signedOut.status).toBe(204);
  expect((await client.me(accessToken)).status).toBe(401);
  expect((await client.refresh(ben.refreshToken)).status).toBe(200);
};

const cannotBeRead: readonly [string, string, (record: StoredRecord) => void][] = [
  [
    'of an unknown type',
    'LocaleAbolished',
    (record) => {
      record.type = 'LocaleAbolished';
    },
  ],
  [
    'whose data are not what its type says',
    'LocaleChanged',
    (record) => {
      record.data = { locale: 7 };
    },
  ],
  [
    'of a version to come',
    'LocaleChanged',
    (record) => {
      record.metadata = { ...(record.metadata as object), schemaVersion: 99 };
    },
  ],
  [
    'without our metadata',
    'LocaleChanged',
    (record) => {
      record.metadata = {};
    },
  ],
];

describe('an event that cannot be read', () => {
  it.each(cannotBeRead)(
    'stops the projector, is reported with type and position, and is never skipped: %s',
    async (_, name, spoil) => {
      await rename('Ann 1');
      await app.get(tokens.http).changeProfile(ann.user.id, { locale: 'de' }, visitor);
      const right = lastOf('LocaleChanged');
      await rename('Ann 2');
      change('LocaleChanged', spoil);
      await forgetProjections(app);
      const { position } = right;
      stop = startProjector(app);
      await eventually(isNamed(name, textOf(position)), 'readiness tells it');
      const answer = await ready();
      expect(answer).toMatchObject({
        status: 503,
        json: { status: 'not_ready', failing: ['projections'] },
      });
      const profiles = await app.sql('SELECT display_name, locale FROM users');
      expect(profiles).toStrictEqual([{ display_name: 'Ann 1', locale: 'en' }]);
      const indexed = await app.sql<{ position: string }>('SELECT position FROM event_index');
      expect(indexed).toHaveLength(5);
      expect(indexed.every((row) => row.position < textOf(position))).toBe(true);

      await serves();
      expect(await isNamed(name, textOf(position))()).toBe(true);

      log.double.tamper((records) => {
        const found = records.findIndex((record) => record.position === position);
        const spoiled = records[found];
        if (spoiled !== undefined) Object.assign(spoiled, right);
      });
      await projected(app);
      expect((await ready()).json).toMatchObject({
        status: 'ready',
        projector: { stuck: null, position: expect.any(String) },
      });
      const repaired = await app.sql(
        'SELECT display_name, locale FROM users WHERE id = $1',
        ann.user.id,
      );
      expect(repaired).toStrictEqual([{ display_name: 'Ann 2', locale: 'de' }]);
    },
  );
});

describe('an event of a future version in a user’s stream', () => {
  it('refuses sign-ins of that user, whose password may have changed, and of no other', async () => {
    const { client } = partsOf(app);
    const stream = `user-${ann.user.id}`;
    const last = await client.readLast(stream);
    if (last === undefined) throw new TypeError('she has signed up');
    const place = { revision: String(last.number + 1n), chain: 'f'.repeat(64) };
    const metadata = { ...(last.metadata as object), ...place };
    const type = 'PasswordForgotten';
    await client.append(stream, last.number, [{ id: randomUUID(), type, data: {}, metadata }]);

    expect(await app.client.signIn(ann.user.email)).toMatchObject({
      status: 503,
      json: { code: 'service_unavailable' },
    });
    await serves();
  });
});

const REFUSALS: readonly [string, string, string][] = [
  [
    'a check',
    `ALTER TABLE users ADD CONSTRAINT refusal CHECK (display_name <> 'Ann 2') NOT VALID`,
    'ALTER TABLE users DROP CONSTRAINT refusal',
  ],
  [
    'a key to a row that never comes',
    `CREATE TABLE allowed (name text PRIMARY KEY);
      INSERT INTO allowed VALUES ('Ann'), ('Ann 1');
      ALTER TABLE users ADD CONSTRAINT refusal FOREIGN KEY (display_name)
        REFERENCES allowed (name) NOT VALID`,
    'ALTER TABLE users DROP CONSTRAINT refusal',
  ],
];

describe('an event whose rows the database refuses', () => {
  it.each(REFUSALS)(
    'stops the projector until the database accepts them, without a new event: %s',
    async (_, refuse, repair) => {
      await rename('Ann 1');
      await rename('Ann 2');
      await app.get(tokens.http).changeProfile(ann.user.id, { locale: 'de' }, visitor);
      const [, second] = log.double.events().filter(({ type }) => type === 'DisplayNameChanged');
      await forgetProjections(app);
      await app.sql(refuse);
      stop = startProjector(app);
      await eventually(
        isNamed('DisplayNameChanged', textOf(second?.position ?? 0n)),
        'readiness tells it',
      );
      expect((await ready()).status).toBe(503);
      expect(await app.sql('SELECT display_name FROM users')).toStrictEqual([
        { display_name: 'Ann 1' },
      ]);
      expect(await app.sql('SELECT FROM event_index')).toHaveLength(5);
      await app.sql(repair);
      await projected(app);
      expect((await ready()).status).toBe(200);
      expect(await app.sql('SELECT display_name, locale FROM users')).toStrictEqual([
        { display_name: 'Ann 2', locale: 'de' },
      ]);
    },
  );

  it('is reported as well when earlier events have to be read from its stream', async () => {
    await rename('Ann 1');
    stop = startProjector(app);
    await projected(app);
    await app.sql('TRUNCATE users, households, identifier_claims, revoked_tokens CASCADE');
    await app.sql('DELETE FROM streams');
    await app.sql(`ALTER TABLE users ADD CONSTRAINT refusal CHECK (display_name <> 'Ann 2')`);
    const crashing = await log.openCrashing();
    void crashing
      .get(tokens.http)
      .changeProfile(ann.user.id, { displayName: 'Ann 2' }, visitor)
      .catch(() => undefined);
    await eventually(async () => {
      const { stuck } = await partsOf(app).checkpoint.read();
      return stuck?.type === 'DisplayNameChanged';
    }, 'it is told');
    await app.sql('ALTER TABLE users DROP CONSTRAINT refusal');
    await projected(app);
    expect(await app.sql('SELECT display_name FROM users')).toStrictEqual([
      { display_name: 'Ann 2' },
    ]);
  });
});
