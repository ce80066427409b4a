import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import {
  newMasterKey,
  processEnvironment,
  runLatchkey,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { countTypes, logOf } from '../../support/servers/log-of.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/servers/open-database.ts';
import { isInEventStoreDb } from '../../support/servers/test-event-store.ts';

const BIN = fileURLToPath(new URL('../../../bin/latchkey.js', import.meta.url));
/** Fewer in EventStoreDB, where an account takes three times as long. */
const ACCOUNTS = isInEventStoreDb() ? 600 : 4_000;
const KILL_AFTER = [ACCOUNTS / 40, ACCOUNTS / 4];

/** Every other line has an id. */
const lineOf = (n: number): object => ({
  ...(n % 2 === 0 && { id: `old-${n}` }),
  email: `person${n}@example.com`,
  username: `person.${n}`,
  passwordHash: '$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde',
});

describe('when an import is killed repeatedly', () => {
  let database: OpenDatabase;
  let environment: Record<string, string>;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    database = await openTestDatabase();
    folder = mkdtempSync(path.join(tmpdir(), 'latchkey-killed-import-'));
    file = path.join(folder, 'users.jsonl');
    const lines = Array.from({ length: ACCOUNTS }, (_, n) => JSON.stringify(lineOf(n)));
    writeFileSync(file, lines.join('\n'));
    environment = {
      DATABASE_URL: database.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
    };
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const countUsers = async (): Promise<number> => {
    const [row] = await database.sql<{ count: number }>(
      'SELECT count(*)::integer AS count FROM users',
    );
    return row?.count ?? 0;
  };

  const countBusy = async (): Promise<number> => {
    const rows = await database.sql(
      `SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND state <> 'idle' AND pid <> pg_backend_pid()`,
    );
    return rows.length;
  };

  it('the next import adds what is missing, each account once and complete', async () => {
    for (const enough of KILL_AFTER) {
      const child = spawn(process.execPath, [BIN, 'users', 'import', file], {
        env: await processEnvironment(environment),
        stdio: 'ignore',
      });
      await expect.poll(countUsers, { timeout: 60_000, interval: 5 }).toBeGreaterThan(enough);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      // The server still executes what the killed process has sent.
      await expect.poll(countBusy, { timeout: 60_000, interval: 5 }).toBe(0);
      expect(await countUsers()).toBeLessThan(ACCOUNTS);
    }
    // Stored events may not be projected yet: with EventStoreDB only the log is complete.
    const { UserImported: halfway = 0 } = countTypes(await logOf(database));

    const again = await runLatchkey(['users', 'import', file, '--json'], environment);

    expect({ code: again.code, stderr: again.stderr }).toStrictEqual({ code: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toStrictEqual({
      lines: ACCOUNTS,
      imported: ACCOUNTS - halfway,
      unchanged: halfway,
      skipped: 0,
      importable: 0,
      problems: [],
    });
    expect(countTypes(await logOf(database))).toStrictEqual({
      HouseholdCreated: ACCOUNTS,
      UserImported: ACCOUNTS,
    });
  }, 180_000);

  it('the tables agree with the log, and a rebuild changes nothing', async () => {
    // The next server projects what a killed process left unprojected.
    await (await startServerProcess(environment)).stop();
    expect(await countUsers()).toBe(ACCOUNTS);
    const live = await dumpProjections(database);
    const verified = await runLatchkey(['projections', 'verify'], environment);
    expect({ code: verified.code, stdout: verified.stdout }).toStrictEqual({
      code: 0,
      stdout: `compared with ${2 * ACCOUNTS} events: 0 differences\n`,
    });
    expect((await runLatchkey(['projections', 'rebuild'], environment)).code).toBe(0);
    expect(await dumpProjections(database)).toStrictEqual(live);
  });

  it('a further import changes nothing', async () => {
    const { code, stdout } = await runLatchkey(['users', 'import', file], environment);
    expect({ code, stdout }).toStrictEqual({
      code: 0,
      stdout: `${ACCOUNTS} lines: 0 imported, ${ACCOUNTS} unchanged, 0 skipped\n`,
    });
  });
});
