import { describe, expect, it } from 'vitest';
import type { AdoptionOptions } from '../../../src/application/adopting/adoption-plan.ts';
import { createInspectDatabase } from '../../../src/application/adopting/inspect-database.ts';
import {
  foundDatabase,
  foundTable,
  oldUser,
  options,
  readOldUser,
  schemeOf,
  surveyOf,
  usersTable,
} from '../../support/adopting/in-memory-adoption.ts';
import { START } from '../../support/events/token-family-fixtures.ts';

const inspectDatabase = createInspectDatabase({ declared: new Map(), readOldUser, schemeOf });
const inspect = (
  database: Parameters<typeof inspectDatabase>[0],
  changed: Partial<AdoptionOptions> = {},
) => inspectDatabase(database, { ...options, ...changed }, START);

const ann = oldUser('ann-1', { email: 'ann@example.com', password_hash: '$2b$10$hash' });
const ben = oldUser('ben-1', { email: 'ben@example.com', role: 'true' });

describe('inspecting a database that can be adopted', () => {
  it('plans the table of users, and counts its rows and password hashes', async () => {
    const { plan, report } = await inspect(
      surveyOf(foundDatabase(usersTable), { users: [ann, ben] }),
    );
    expect(report.problems).toStrictEqual([]);
    expect(plan).toMatchObject({
      users: { table: 'users', rows: 2 },
      userColumns: { id: 'id', email: 'email', role: 'is_admin' },
      tables: [],
      households: 'per-user',
    });
    expect(report).toMatchObject({
      households: 'per-user',
      owner: null,
      users: { found: 2, passwordHashes: { bcrypt: 1, none: 1 }, unadoptable: [] },
    });
  });

  it('chooses the first administrator as the owner of the shared household', async () => {
    const database = surveyOf(foundDatabase(usersTable), { users: [ann, ben] });
    const { plan, report } = await inspect(database, { households: 'default' });
    expect([plan?.owner, report.owner]).toStrictEqual(['ben-1', 'ben-1']);
  });

  it('uses the requested owner', async () => {
    const database = surveyOf(foundDatabase(usersTable), { users: [ann, ben] });
    const { plan, report } = await inspect(database, { households: 'default', owner: 'ann-1' });
    expect([plan?.owner, report.owner]).toStrictEqual(['ann-1', 'ann-1']);
  });

  it('counts the rows of a table that gets households', async () => {
    const notes = foundTable('notes', { id: 'text', user_id: 'text', title: 'text' });
    const database = surveyOf(foundDatabase(usersTable, notes), {
      users: [ann],
      rows: { notes: 7 },
    });
    const { plan, report } = await inspect(database, { tables: ['notes'], households: 'default' });
    expect(report.problems).toStrictEqual([]);
    expect(plan?.tables.map(({ table, rows }) => [table, rows])).toStrictEqual([['notes', 7]]);
    expect(report.tables.map(({ table, rows, named }) => [table, rows, named])).toStrictEqual([
      ['users', 1, false],
      ['notes', 7, true],
    ]);
  });
});

describe('inspecting a database that cannot be adopted', () => {
  /** The plan, and the tables with problems. */
  const judge = async (...asked: Parameters<typeof inspect>) => {
    const { plan, report } = await inspect(...asked);
    return { plan, tables: report.problems.map(({ table }) => table) };
  };
  const refused = { plan: undefined, tables: ['users'] };

  it('reports that there is no table of users', async () =>
    expect(await judge(surveyOf(foundDatabase()))).toStrictEqual(refused));

  it('reports a mapped column that does not exist', async () =>
    expect(
      await judge(surveyOf(foundDatabase(usersTable)), { map: { email: 'mail' } }),
    ).toStrictEqual(refused));

  it('reports rows with an id that is not allowed', async () => {
    const database = surveyOf(foundDatabase(usersTable), { users: [ann, oldUser('a@b')] });
    expect(await judge(database)).toStrictEqual(refused);
    expect((await inspect(database)).report.users).toMatchObject({ unadoptable: [2] });
  });

  it('reports that the requested owner does not exist', async () =>
    expect(
      await judge(surveyOf(foundDatabase(usersTable), { users: [ann] }), {
        households: 'default',
        owner: 'nobody',
      }),
    ).toStrictEqual(refused));

  it('reports rows that belong to no user', async () => {
    const notes = foundTable('notes', { id: 'text', title: 'text' });
    const database = surveyOf(foundDatabase(usersTable, notes), {
      users: [ann],
      rows: { notes: 7 },
      withoutUser: { notes: 2 },
    });
    expect(await judge(database, { tables: ['notes'], households: 'default' })).toStrictEqual({
      plan: undefined,
      tables: ['notes'],
    });
  });
});
