import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Photograph, photograph } from '../../support/adopting/adoption-photograph.ts';
import { describeDatabase } from '../../support/adopting/database-contents.ts';
import { type DumpServer, openDumpServer } from '../../support/adopting/dump-server.ts';
import { loadDump } from '../../support/adopting/legacy-database.ts';
import { type DumpFile, dumpMakers, readDump } from '../../support/dumps/dump-files.ts';
import { INTEGER_PEOPLE, INTEGER_ROWS } from '../../support/dumps/integer-dump.ts';
import { LEDGER_ROWS } from '../../support/dumps/ledger-dump.ts';
import { VARCHAR_PEOPLE, VARCHAR_TASKS } from '../../support/dumps/varchar-dump.ts';
import { type OpenDatabase, openEmptyDatabase } from '../../support/servers/open-database.ts';

const FOLDER = fileURLToPath(new URL('../../support/fixtures/dumps/', import.meta.url));
const FILES = Object.keys(dumpMakers) as DumpFile[];

const ROWS: Readonly<Record<DumpFile, Readonly<Record<string, number>>>> = {
  'ledger.sql': { alembic_version: 1, users: 2, ...LEDGER_ROWS },
  'varchar-ids.sql': { schema_migrations: 2, users: VARCHAR_PEOPLE.length, tasks: VARCHAR_TASKS },
  'integer-ids.sql': { users: INTEGER_PEOPLE.length, ...INTEGER_ROWS },
};

describe('the dumps that adoption is tested with', () => {
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await openEmptyDatabase();
  });
  afterEach(() => database.drop());

  it('are complete', () => expect(readdirSync(FOLDER)).toStrictEqual([...FILES].sort()));

  it.each(FILES)('are what scripts/make-dumps.ts writes: %s', (file) =>
    expect(readDump(file)).toBe(dumpMakers[file]()),
  );

  it.each(FILES)('hold as many rows as documented: %s', async (file) => {
    await loadDump(database, file);
    const counts: Record<string, number> = {};
    for (const table of Object.keys(ROWS[file])) {
      counts[table] = (await database.sql(`SELECT FROM ${table}`)).length;
    }
    expect(counts).toStrictEqual(ROWS[file]);
  });

  it.each(FILES)('do not hold their rows in the order of their ids: %s', async (file) => {
    await loadDump(database, file);
    const table = file === 'ledger.sql' ? 'transactions' : 'tasks';
    const ids = async (order: string) =>
      (await database.sql<{ id: string }>(`SELECT id FROM ${table} ORDER BY ${order}`)).map(
        ({ id }) => id,
      );
    expect(await ids('ctid')).not.toStrictEqual(await ids('id'));
  });

  it.each([
    ['a value', 'UPDATE users SET email = NULL WHERE id = 9'],
    ['the order of rows', 'UPDATE task_comments SET body = body WHERE id = 25'],
    ['a sequence', "SELECT setval('tasks_id_seq', 64)"],
    ['a default', 'ALTER TABLE users ALTER is_admin DROP DEFAULT'],
    ['a trigger', 'ALTER TABLE tasks DISABLE TRIGGER tasks_touch'],
    ['a comment', "COMMENT ON TABLE users IS 'changed'"],
    ['the order of columns', 'ALTER TABLE tasks DROP due_date, ADD due_date date'],
    ['an index', 'DROP INDEX ix_tasks_due'],
    ['a name', 'ALTER INDEX users_pkey RENAME TO pkey_of_users'],
    ['a schema', 'CREATE SCHEMA left_behind'],
    ['a right', 'GRANT SELECT ON tasks TO public'],
    ['a view', 'DROP VIEW open_tasks'],
    ['isolation', 'ALTER TABLE tasks ENABLE ROW LEVEL SECURITY'],
  ])('have the recorded checksum: %s', async (_, change) => {
    await loadDump(database, 'integer-ids.sql');
    const before = await describeDatabase(database);
    expect(await describeDatabase(database)).toStrictEqual(before);
    await database.sql(change);
    expect(await describeDatabase(database)).not.toStrictEqual(before);
  });
});

describe('when a dump is loaded into two databases', () => {
  let server: DumpServer;
  beforeAll(async () => {
    server = await openDumpServer();
  });
  afterAll(() => server.stop());

  it.each(FILES)('both databases have the same state, also for pg_dump: %s', async (file) => {
    const pictures: Photograph[] = [];
    for (const scratch of [await server.createDatabase(), await server.createDatabase()]) {
      await loadDump(scratch, file);
      pictures.push(await photograph(scratch.connectionString, server.pgDump));
      await scratch.drop();
    }
    expect(pictures[0]).toStrictEqual(pictures[1]);
    expect(pictures[0]?.lines.length).toBeGreaterThan(50);
    expect(pictures.map(({ dump }) => dump?.includes('CREATE TABLE public.users'))).toStrictEqual(
      Array(2).fill(server.pgDump === undefined ? undefined : true),
    );
  });
});
