import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createDatabase,
  type Statement,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import {
  createPostgresAccessTokenDenylist,
  type PostgresAccessTokenDenylist,
} from '../../../../src/adapters/postgres/sessions/postgres-access-token-denylist.ts';
import { eventually } from '../../../support/kernel/eventually.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';
import { insertOwner, insertRevokedToken } from '../../../support/sessions/revoked-token-rows.ts';

const unavailable = expect.objectContaining({
  name: 'ApplicationError',
  code: 'service_unavailable',
  retryAfterSeconds: 1,
});
/** Longer than a list may stay without an update. */
const STALE_MS = 6_000;

/** "Another process" is everything but the denylist under test. */
let outside: OpenDatabase;
let denylist: PostgresAccessTokenDenylist;
/** The first transaction of every read of the table. */
let looks: unknown[];
/** What a read waits for before it returns its result. */
let held: Promise<void>;
let stop: () => Promise<void>;

beforeEach(async () => {
  outside = await openTestDatabase();
  await insertOwner(outside);
  const own = createDatabase({ connectionString: outside.connectionString });
  looks = [];
  held = Promise.resolve();
  denylist = createPostgresAccessTokenDenylist({
    ...own,
    query: async <Row extends object>(statement: Statement) => {
      looks.push(...(statement.values ?? []));
      const rows = await own.query<Row>(statement);
      await held;
      return rows;
    },
  });
  stop = async () => {
    await denylist.stop();
    await own.close();
  };
});
afterEach(async () => {
  vi.useRealTimers();
  await stop?.();
  await outside?.drop();
});

const listed = (jti: string) => eventually(() => denylist.has(jti), `${jti} is on the list`);
const LISTENER = `datname = current_database() AND application_name = 'latchkey denylist'`;
const listeners = async () =>
  (await outside.sql<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE ${LISTENER}`)).map(
    ({ pid }) => pid,
  );

describe('a denylist that was not loaded', () => {
  it('refuses every token', () => {
    expect(denylist.isFresh()).toBe(false);
    expect(() => denylist.has('jti')).toThrow(unavailable);
  });

  it('fails to start when the database is unavailable', async () => {
    const away = createDatabase({ connectionString: 'postgresql://someone@127.0.0.1:1/nothing' });
    const list = createPostgresAccessTokenDenylist(away);
    await expect(list.start()).rejects.toStrictEqual(unavailable);
    expect(() => list.has('jti')).toThrow(unavailable);
    await list.stop();
    await away.close();
  });
});

describe('a started denylist', () => {
  it('holds earlier revocations until an hour after their expiry', async () => {
    await insertRevokedToken(outside, 'alive');
    await insertRevokedToken(outside, 'expired', '-59 minutes');
    await insertRevokedToken(outside, 'long-expired', '-61 minutes');
    await denylist.start();
    const has = ['alive', 'expired', 'long-expired', 'unknown'].map((jti) => denylist.has(jti));
    expect(has).toStrictEqual([true, true, false, false]);
  });

  it('gets revocations that another process commits, and none that it rolls back', async () => {
    await denylist.start();
    await expect(
      outside.transaction(async (connection) => {
        await insertRevokedToken(connection, 'taken-back');
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await insertRevokedToken(outside, 'committed');
    await listed('committed');
    expect(denylist.has('taken-back')).toBe(false);
  });

  it('reads again only from the oldest transaction that was running', async () => {
    await denylist.start();
    const [before] = await outside.sql<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
    const isPast = (horizon: unknown) => BigInt(String(horizon)) > BigInt(before?.xid ?? 0);
    await eventually(() => isPast(looks.at(-1)), 'a look begins after what is over');
    expect(looks[0]).toBe('0');
  });

  it('holds its own revocations at once, and drops them after their expiry', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    await denylist.start();
    denylist.add('jti', new Date(Date.now() + 600_000).toISOString());
    expect(denylist.has('jti')).toBe(true);
    await vi.advanceTimersByTimeAsync(599_000);
    expect(denylist.has('jti')).toBe(true);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(denylist.has('jti')).toBe(false);
  });
});

describe('revocations by another process', () => {
  /** Fakes intervals, which disables polling. */
  const startWithoutPolling = async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await denylist.start();
  };

  it('arrive by a notification without polling', async () => {
    await startWithoutPolling();
    await insertRevokedToken(outside, 'first');
    await listed('first');
    await insertRevokedToken(outside, 'second');
    await listed('second');
  });

  it('arrive by a notification during a read that began too early', async () => {
    await startWithoutPolling();
    let letGo = () => {};
    held = new Promise((resolve) => {
      letGo = resolve;
    });
    const before = looks.length;
    await insertRevokedToken(outside, 'first');
    await eventually(() => looks.length > before, 'a look at the table');
    await insertRevokedToken(outside, 'second');
    await outside.session((connection) => connection.query({ text: 'SELECT 1' }));
    letGo();
    await listed('second');
  });

  it('arrive by polling without a notification', async () => {
    await outside.sql('DROP TRIGGER revoked_tokens_notify ON revoked_tokens');
    await denylist.start();
    await insertRevokedToken(outside, 'jti');
    await listed('jti');
  });

  it('arrive by a read every half a second without notifications', async () => {
    await outside.sql('DROP TRIGGER revoked_tokens_notify ON revoked_tokens');
    await startWithoutPolling();
    await insertRevokedToken(outside, 'jti');
    for (let half = 1; half <= 4; half += 1) {
      const before = looks.length;
      vi.advanceTimersByTime(500);
      await eventually(() => looks.length > before, 'a look at the table');
    }
    await listed('jti');
  });

  it('arrive by polling while the listening connection is lost, which is then replaced', async () => {
    await denylist.start();
    const [killed] = await listeners();
    await outside.sql('SELECT pg_terminate_backend($1)', killed);
    await insertRevokedToken(outside, 'jti');
    await listed('jti');
    const replaced = async () => {
      const pids = await listeners();
      return pids.length === 1 && !pids.includes(killed ?? 0);
    };
    await eventually(replaced, 'a connection listens again');
  });

  it('arrive again after all connections were terminated', async () => {
    await denylist.start();
    await outside.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await insertRevokedToken(outside, 'jti');
    await listed('jti');
    await eventually(async () => (await listeners()).length === 1, 'a connection listens again');
  });
});

describe('a slow transaction', () => {
  it('is not missed when it commits after younger ones', async () => {
    await denylist.start();
    await outside.transaction(async (late) => {
      await insertRevokedToken(late, 'late');
      for (const jti of ['younger', 'still-younger']) {
        await insertRevokedToken(outside, jti);
        await listed(jti);
      }
      expect(denylist.has('late')).toBe(false);
    });
    await listed('late');
  });

  it('is not missed when the list was started meanwhile', async () => {
    await outside.transaction(async (late) => {
      await insertRevokedToken(late, 'late');
      await denylist.start();
      await insertRevokedToken(outside, 'younger');
      await listed('younger');
    });
    await listed('late');
  });

  it('delays nothing while it writes other tables', async () => {
    await denylist.start();
    await outside.transaction(async (endless) => {
      await endless.query({ text: 'CREATE TABLE elsewhere (id integer)' });
      await insertRevokedToken(outside, 'jti');
      await listed('jti');
      expect(denylist.isFresh()).toBe(true);
    });
  });
});

describe('a denylist that cannot be updated', () => {
  const hideTable = () => outside.sql('ALTER TABLE revoked_tokens RENAME TO hidden');

  beforeEach(async () => {
    // Fakes only the clock that measures the list's age; connections and polling are real.
    vi.useFakeTimers({ toFake: ['performance'] });
    await insertRevokedToken(outside, 'jti');
    await denylist.start();
    await hideTable();
  });

  it('works for a while, then refuses every token', async () => {
    expect(denylist.has('jti')).toBe(true);
    vi.advanceTimersByTime(STALE_MS);
    expect(denylist.isFresh()).toBe(false);
    expect(() => denylist.has('jti')).toThrow(unavailable);
    expect(() => denylist.has('unknown')).toThrow(unavailable);
  });

  it('refuses until a read succeeds, and then has all missed revocations', async () => {
    vi.advanceTimersByTime(STALE_MS);
    const before = looks.length;
    await eventually(() => looks.length >= before + 3, 'three more looks at the table');
    expect(denylist.isFresh()).toBe(false);
    await outside.transaction(async (connection) => {
      await connection.query({ text: 'ALTER TABLE hidden RENAME TO revoked_tokens' });
      await insertRevokedToken(connection, 'missed');
    });
    await eventually(denylist.isFresh, 'the list is up to date');
    expect(denylist.has('missed')).toBe(true);
  });
});
