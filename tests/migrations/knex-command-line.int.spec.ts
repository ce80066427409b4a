import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  migrationSource,
  migrationStatus,
} from '../../src/adapters/postgres/connection/migrations.ts';
import { describeSchema } from '../support/adopting/database-description.ts';
import { type OpenDatabase, openEmptyDatabase } from '../support/servers/open-database.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAMES = (await migrationSource.getMigrations([])).map(({ file }) => file);

let database: OpenDatabase;
beforeAll(async () => {
  database = await openEmptyDatabase();
});
afterAll(() => database?.drop());

/** Runs `NODE_OPTIONS="--import tsx" DATABASE_URL=… npx knex …`. */
const knex = async (...parameters: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['node_modules/knex/bin/cli.js', ...parameters],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_OPTIONS: '--import tsx',
        NO_COLOR: '1',
        DATABASE_URL: database.connectionString,
      },
    },
  );
  return stdout;
};

describe("knex's own command line", () => {
  it('lists, applies and reverts the same migrations as latchkey migrate', async () => {
    const pending = await knex('migrate:list');
    expect(pending).toContain('No Completed Migration files Found.');
    for (const name of NAMES) expect(pending).toContain(name);

    expect(await knex('migrate:latest')).toContain(`Batch 1 run: ${NAMES.length} migrations`);
    expect(await migrationStatus(database.connectionString)).toStrictEqual({
      applied: NAMES,
      pending: [],
    });
    expect(await knex('migrate:latest')).toContain('Already up to date');
    expect(await knex('migrate:list')).toContain('No Pending Migration files Found.');

    const back = await knex('migrate:rollback');
    expect(back).toContain(`Batch 1 rolled back: ${NAMES.length} migrations`);
    expect(await migrationStatus(database.connectionString)).toStrictEqual({
      applied: [],
      pending: NAMES,
    });
    expect(await describeSchema(database)).toStrictEqual([]);
  });
});
