import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';
import { keepManagedPostgres } from '../../../src/adapters/managed-postgres/managed-postgres-keeper.ts';
import {
  createDatabase,
  type Database,
} from '../../../src/adapters/postgres/connection/connection.ts';

const temp = mkdtempSync(path.join(os.tmpdir(), 'latchkey-keeper-'));
chmodSync(temp, 0o1777);
vi.stubEnv('TMPDIR', temp);
afterAll(() => rmSync(temp, { recursive: true, force: true }));

const startTime = async (database: Database): Promise<string | undefined> => {
  const [row] = await database.query<{ at: string }>({
    text: 'SELECT pg_postmaster_start_time() AS at',
  });
  return row?.at;
};

describe('when the server is killed', () => {
  it('it is restarted under the same address with its data', async () => {
    const dataDir = mkdtempSync(path.join(temp, 'data-'));
    chmodSync(dataDir, 0o755);
    const server = await keepManagedPostgres({ dataDir });
    const database = createDatabase({
      connectionString: connectionStringFor(server, server.database),
    });
    try {
      await database.query({ text: 'CREATE TABLE kept AS SELECT 42 AS answer' });
      const before = await startTime(database);
      process.kill(server.pid, 'SIGKILL');
      await vi.waitFor(async () => expect(await startTime(database)).not.toBe(before), {
        timeout: 15_000,
        interval: 50,
      });
      const rows = await database.query({ text: 'SELECT answer FROM kept' });
      expect(rows).toStrictEqual([{ answer: 42 }]);
    } finally {
      await database.close();
      await server.stop();
    }
  });
});
