import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import { createPostgresLogLease } from '../../../../src/adapters/postgres/event-log/postgres-log-lease.ts';
import type { LogLocation } from '../../../../src/application/event-log/log-copy.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/servers/test-database.ts';

let scratch: TestDatabase;
let database: Database;

beforeAll(async () => {
  scratch = await createTestDatabase();
  database = createDatabase(scratch);
});
afterAll(async () => {
  await database?.close();
  await scratch?.drop();
});

const moveTo = (home: LogLocation) =>
  database.query({ text: 'UPDATE event_log SET home = $1', values: [home] });

const takeAway = 'SELECT pg_try_advisory_lock(7153426, 1) AS taken';
const endSessions = `SELECT pg_terminate_backend(pid) FROM pg_locks
  WHERE locktype = 'advisory' AND classid = 7153426 AND objid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const hold = async (home: LogLocation) => {
  await moveTo(home);
  return createPostgresLogLease(database, home);
};

describe.each(['postgres', 'eventstoredb'] as const)(
  'a process that serves a log in %s',
  (home) => {
    it('allows appends before it serves', async () => {
      expect((await hold(home)).isHeld()).toBe(true);
    });

    it('prevents the log from being moved until it stops', async () => {
      const holding = await hold(home);
      expect(await holding.start()).toBe(true);
      expect(holding.isHeld()).toBe(true);
      await database.session(async (other) => {
        expect(await other.query({ text: takeAway })).toStrictEqual([{ taken: false }]);
        await holding.stop();
        expect(await other.query({ text: takeAway })).toStrictEqual([{ taken: true }]);
      });
    });

    it('does not begin while the log is being moved', async () => {
      const holding = await hold(home);
      await database.session(async (other) => {
        await other.query({ text: takeAway });
        expect(await holding.start()).toBe(false);
        await holding.stop();
      });
    });

    it('stops appending when the log has moved, and continues when it returns', async () => {
      const holding = await hold(home);
      await holding.start();
      await moveTo(home === 'postgres' ? 'eventstoredb' : 'postgres');
      await expect.poll(holding.isHeld).toBe(false);
      await moveTo(home);
      await expect.poll(holding.isHeld).toBe(true);
      await holding.stop();
    });

    it('regains its lease when the connection breaks', async () => {
      const holding = await hold(home);
      await holding.start();
      const [ended] = await database.query({ text: endSessions });
      expect(ended).toStrictEqual({ pg_terminate_backend: true });
      await database.session(async (other) => {
        const isFree = async () =>
          (
            await other.query<{ free: boolean }>({
              text: `SELECT pg_try_advisory_lock(7153426, 1) AND pg_advisory_unlock(7153426, 1) AS free`,
            })
          )[0]?.free;
        await expect.poll(isFree).toBe(false);
      });
      expect(holding.isHeld()).toBe(true);
      await holding.stop();
    });
  },
);

describe('a process that lost its lease on a log in EventStoreDB', () => {
  it('stops appending without the database', async () => {
    const holding = await hold('eventstoredb');
    await holding.start();
    await database.session(async (other) => {
      await database.query({ text: endSessions });
      await expect
        .poll(async () => (await other.query<{ taken: boolean }>({ text: takeAway }))[0]?.taken, {
          interval: 1,
        })
        .toBe(true);
      await expect.poll(holding.isHeld).toBe(false);
    });
    await expect.poll(holding.isHeld).toBe(true);
    await holding.stop();
  });
});
