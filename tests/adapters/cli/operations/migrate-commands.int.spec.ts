import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../support/servers/command-line.ts';
import { newMasterKey, runLatchkey } from '../../../support/servers/latchkey-process.ts';
import { createEmptyDatabase, type TestDatabase } from '../../../support/servers/test-database.ts';

const MIGRATIONS = readdirSync(new URL('../../../../migrations/', import.meta.url))
  .filter((file) => /^\d{4}_/.test(file))
  .map((file) => file.replace('.ts', ''))
  .sort();

let database: TestDatabase;
beforeAll(async () => {
  database = await createEmptyDatabase();
});
afterAll(() => database.drop());

const masterKey = newMasterKey();
const environment = () => ({
  DATABASE_URL: database.connectionString,
  LATCHKEY_MASTER_KEY: masterKey,
});
const latchkey = (...args: string[]) => runCommand(args, environment());

const lines = (prefix: string, names: readonly string[]) =>
  names.map((name) => `${prefix} ${name}\n`).join('');

describe('when the database is empty', () => {
  it('migrate status counts the pending migrations and exits 1', async () => {
    expect(await latchkey('migrate', 'status')).toStrictEqual({
      code: 1,
      stdout: `0 applied, ${MIGRATIONS.length} pending\n`,
      stderr: '',
    });
    expect(await latchkey('migrate', 'list')).toStrictEqual({
      code: 0,
      stdout: lines('pending ', MIGRATIONS),
      stderr: '',
    });
  });

  it('migrate down has nothing to revert', async () => {
    const { code, stdout } = await latchkey('migrate', 'down');
    expect({ code, stdout }).toStrictEqual({ code: 0, stdout: 'nothing to revert\n' });
  });

  it.each([
    'cleanup',
    'keys list',
    'projections status',
    'projections verify',
    'audit theft 00000000-0000-4000-8000-000000000000',
    'users deactivate user_0',
  ])('"%s" is refused until the database is migrated', async (command) => {
    expect(await latchkey(...command.split(' '))).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: `The database schema lacks ${MIGRATIONS.length} migrations: run latchkey migrate up.\n`,
    });
  });
});

describe('when migrations are applied and reverted', () => {
  it('migrate up applies all of them once', async () => {
    const first = await latchkey('migrate', 'up');
    expect(first).toStrictEqual({ code: 0, stdout: lines('applied', MIGRATIONS), stderr: '' });
    const second = await latchkey('migrate', 'up');
    expect(second).toStrictEqual({ code: 0, stdout: 'nothing to apply\n', stderr: '' });
    const { code, stdout } = await latchkey('migrate', 'status');
    expect({ code, stdout }).toStrictEqual({
      code: 0,
      stdout: `${MIGRATIONS.length} applied, 0 pending\n`,
    });
  });

  it('migrate down reverts the latest, and with --all the rest', async () => {
    const newestFirst = MIGRATIONS.toReversed();
    const latest = await latchkey('migrate', 'down');
    expect(latest.stdout).toBe(lines('reverted', newestFirst.slice(0, 1)));
    const listed = await latchkey('migrate', 'list', '--json');
    expect(JSON.parse(listed.stdout)).toStrictEqual({
      applied: MIGRATIONS.slice(0, -1),
      pending: MIGRATIONS.slice(-1),
    });
    const all = await latchkey('migrate', 'down', '--all');
    expect(all.stdout).toBe(lines('reverted', newestFirst.slice(1)));
    const again = await latchkey('migrate', 'up');
    expect(again).toStrictEqual({ code: 0, stdout: lines('applied', MIGRATIONS), stderr: '' });
  });
});

describe('when several processes migrate one database at once', () => {
  it('each waits for the others, and every migration is applied once', async () => {
    await latchkey('migrate', 'down', '--all');

    const migrate = () => runLatchkey(['migrate', 'up'], environment());
    const results = await Promise.all([migrate(), migrate()]);

    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toStrictEqual(
      results.map(() => ({ code: 0, stderr: '' })),
    );
    expect(results.map(({ stdout }) => stdout).sort()).toStrictEqual([
      lines('applied', MIGRATIONS),
      'nothing to apply\n',
    ]);
  });
});
