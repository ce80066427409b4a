import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import { runCommand } from '../../support/servers/command-line.ts';
import type { SignedIn } from '../../support/servers/http-client.ts';
import { newMasterKey, processEnvironment } from '../../support/servers/latchkey-process.ts';
import { openRawSession } from '../../support/servers/raw-session.ts';
import { type RunningApp, startRunningApp } from '../../support/servers/running-app.ts';

const BIN = fileURLToPath(new URL('../../../bin/latchkey.js', import.meta.url));

const PATIENTLY = { timeout: 60_000, interval: 20 };

let app: RunningApp;
let ann: SignedIn;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  const LATCHKEY_MASTER_KEY = newMasterKey();
  app = await startRunningApp({ LATCHKEY_MASTER_KEY });
  ann = await app.client.signUp();
  environment = { DATABASE_URL: app.connectionString, LATCHKEY_MASTER_KEY };
});
afterAll(() => app?.close());

const countWaiting = async (): Promise<number> => {
  const waiting = await app.sql(
    `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length;
};

/** The locks of rebuilds that sessions in the database still hold. */
const countLocks = async (): Promise<number> => {
  const locks = await app.sql(
    `SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database
      WHERE locktype = 'advisory' AND objid = 7153424702 % 4294967296
        AND granted AND datname = current_database()`,
  );
  return locks.length;
};

const dump = () => dumpProjections(app.get(tokens.database));

describe('a rebuild whose process is killed', () => {
  it.each([
    ['while it waits for writers', 'LOCK TABLE streams IN ROW EXCLUSIVE MODE'],
    ['while it repairs', 'SELECT FROM users FOR UPDATE'],
  ])('%s changes nothing and frees its lock, and the next one repairs', async (_, hold) => {
    await app.sql("UPDATE users SET role = 'admin'");
    const before = await dump();
    const other = await openRawSession(app.connectionString);
    try {
      await other.query('BEGIN');
      await other.query(hold);
      const child = spawn(process.execPath, [BIN, 'projections', 'rebuild'], {
        env: await processEnvironment(environment),
        stdio: 'ignore',
      });
      const exited = once(child, 'exit');
      await expect.poll(countWaiting, PATIENTLY).toBe(1);
      expect(await countLocks()).toBe(1);
      child.kill('SIGKILL');
      await exited;
      // The server notices the dead client although the awaited lock is still held.
      await expect.poll(countLocks, PATIENTLY).toBe(0);
    } finally {
      await other.end();
    }
    expect(await dump()).toStrictEqual(before);

    const { code, stdout } = await runCommand(['projections', 'rebuild', '--json'], environment);
    expect({ code, drift: JSON.parse(stdout).drift }).toStrictEqual({
      code: 0,
      drift: [
        {
          table: 'users',
          key: { id: ann.user.id },
          column: 'role',
          live: 'admin',
          rebuilt: 'user',
        },
      ],
    });
    expect((await runCommand(['projections', 'verify'], environment)).code).toBe(0);
  });
});
