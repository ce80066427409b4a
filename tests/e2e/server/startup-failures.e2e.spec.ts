import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Environment,
  newMasterKey,
  runLatchkey,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

/** Runs serve, which must exit 1. @returns the failure: a sentence without a stack */
const serve = async (environment: Environment): Promise<string> => {
  const { code, stderr, stdout } = await runLatchkey(['serve'], {
    LATCHKEY_LOG_LEVEL: 'silent',
    ...environment,
  });
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: '' });
  expect(stderr).not.toMatch(/\n {4}at /);
  return stderr.trim();
};

describe('when the service cannot start', () => {
  let database: TestDatabase;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-failures-'));
  chmodSync(folder, 0o755);

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the failure names every mistake in the configuration, and quotes no value', async () => {
    const sentence = await serve({
      PORT: 'http',
      LATCHKEY_ENV: 'staging',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      LATCHKEY_MASTER_KEY: 'hunter2',
      LATCHKEY_REFRESH_GRACE_SECONDS: '-1',
      LATCHKEY_TRUSTED_PROXIES: 'proxy.internal',
      LATCHKEY_PUBLIC_URL: 'auth.example.org',
    });
    const lines = sentence.split('\n');
    expect(lines[0]).toBe('The configuration cannot be used:');
    for (const variable of [
      'PORT',
      'LATCHKEY_ENV',
      'DATABASE_URL',
      'LATCHKEY_MASTER_KEY',
      'LATCHKEY_REFRESH_GRACE_SECONDS',
      'LATCHKEY_TRUSTED_PROXIES',
      'LATCHKEY_PUBLIC_URL',
    ]) {
      expect(lines.filter((line) => line.startsWith(`  - ${variable}`))).toHaveLength(1);
    }
    expect(lines).toHaveLength(8);
    expect(sentence).not.toMatch(/hunter2|staging|mysql/);
  });

  it('the failure names a missing master key in production', async () => {
    expect(
      await serve({ LATCHKEY_ENV: 'production', DATABASE_URL: database.connectionString }),
    ).toMatch(/LATCHKEY_MASTER_KEY is required in production/);
  });

  it('the failure names a port in use', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const sentence = await serve({
      PORT: String(port),
      DATABASE_URL: database.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
    });
    taken.close();
    expect(sentence).toBe(`Port ${port} on 127.0.0.1 is in use: set PORT to another one.`);
  });

  it('the failure says that the database is unreachable, and why', async () => {
    const unreachable = 'postgresql://someone:hunter2@127.0.0.1:1/latchkey';
    const sentence = await serve({
      DATABASE_URL: unreachable,
      LATCHKEY_MASTER_KEY: newMasterKey(),
    });
    expect(sentence).toBe('The database (127.0.0.1:1/latchkey) cannot be used: ECONNREFUSED.');
  });

  it('the failure says that the database does not exist', async () => {
    const missing = database.connectionString.replace(/test_\w+/, 'nowhere');
    const sentence = await serve({ DATABASE_URL: missing, LATCHKEY_MASTER_KEY: newMasterKey() });
    expect(sentence).toMatch(/^The database \(.*nowhere\) .*"nowhere" does not exist\.$/);
  });

  it('the failure says that the master key is another one', async () => {
    const other = await createTestDatabase();
    const environment = { DATABASE_URL: other.connectionString };
    const server = await startServerProcess({
      ...environment,
      LATCHKEY_MASTER_KEY: newMasterKey(),
    });
    await server.stop();
    const sentence = await serve({ ...environment, LATCHKEY_MASTER_KEY: newMasterKey() });
    await other.drop();
    expect(sentence).toBe(
      'The master key does not open the signing keys in this database: it was set up with another LATCHKEY_MASTER_KEY.',
    );
  });

  it('the failure says that the data directory belongs to another major version of PostgreSQL', async () => {
    mkdirSync(path.join(folder, 'postgres-12'));
    const sentence = await serve({ LATCHKEY_DATA_DIR: folder });
    expect(sentence).toMatch(/12/);
    expect(sentence).toMatch(/18/);
    expect(sentence.split('\n')).toHaveLength(1);
  });
});
