import knexPkg, { type Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addLateForeignKey,
  rememberedForeignKeys,
} from '../../migrations/support/late-foreign-key.ts';
import { knexConfiguration } from '../../src/adapters/postgres/connection/migrations.ts';
import { type OpenDatabase, openEmptyDatabase } from '../support/servers/open-database.ts';

const KEY = {
  table: 'errands',
  name: 'errands_task_id_fkey',
  columns: 'household_id, task_id',
  target: 'tasks',
  targetColumns: 'household_id, id',
};

let database: OpenDatabase;
let knex: Knex;
beforeEach(async () => {
  database = await openEmptyDatabase();
  knex = knexPkg(knexConfiguration(database.connectionString));
  await database.sql(`CREATE TABLE tasks (id text);
    CREATE TABLE errands (id text, household_id text, task_id text)`);
});
afterEach(async () => {
  await knex?.destroy();
  await database?.drop();
});

const constraints = () => database.sql(`SELECT conname FROM pg_constraint WHERE contype = 'f'`);

describe('a foreign key to a table that an adoption has not completed', () => {
  beforeEach(() => database.sql('CREATE SCHEMA latchkey_adoption'));

  it('is remembered', async () => {
    await addLateForeignKey(knex, KEY);
    expect(await constraints()).toStrictEqual([]);
    expect(await rememberedForeignKeys(knex)).toStrictEqual([KEY]);
  });

  it('is added once the table has its household', async () => {
    await addLateForeignKey(knex, KEY);
    await database.sql(`ALTER TABLE tasks ADD COLUMN household_id text;
      ALTER TABLE tasks ADD UNIQUE (household_id, id)`);
    for (const key of await rememberedForeignKeys(knex)) await addLateForeignKey(knex, key);
    expect(await constraints()).toStrictEqual([{ conname: KEY.name }]);
  });
});

describe('a foreign key to a missing column', () => {
  it('fails without an adoption', async () => {
    await expect(addLateForeignKey(knex, KEY)).rejects.toMatchObject({ code: '42703' });
    expect(await rememberedForeignKeys(knex)).toStrictEqual([]);
  });
});
