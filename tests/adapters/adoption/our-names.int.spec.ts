import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ourFunctions,
  ourRelations,
  ourUserColumns,
  ourUserConstraints,
} from '../../../src/application/adopting/our-names.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/servers/open-database.ts';

let database: OpenDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());

const namesOf = async (from: string, ...values: unknown[]): Promise<readonly string[]> => {
  const rows = await database.sql<{ name: string }>(`SELECT name::text FROM ${from}`, ...values);
  return rows.map(({ name }) => name).sort();
};

const DECLARED = declaredTables.map(({ name }) => name);

describe("the names that an adoption knows as Latchkey's", () => {
  it('are all relations that migrations create, except those of declared tables', async () => {
    const made = await namesOf(
      `(SELECT c.relname AS name, coalesce(t.relname, c.relname) AS of FROM pg_class AS c
        LEFT JOIN pg_index AS i ON i.indexrelid = c.oid LEFT JOIN pg_class AS t ON t.oid = i.indrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'i', 'S')) AS made
        WHERE of <> ALL ($1) AND name NOT IN ('users', 'users_pkey')`,
      DECLARED,
    );
    expect(made).toStrictEqual([...ourRelations].sort());
  });

  it('are all columns and all other constraints of users', async () => {
    const columns = await namesOf(
      `(SELECT attname AS name FROM pg_attribute WHERE attrelid = 'users'::regclass
        AND attnum > 0 AND NOT attisdropped) AS made`,
    );
    expect(columns).toStrictEqual([...ourUserColumns].sort());
    const constraints = await namesOf(
      `(SELECT conname AS name FROM pg_constraint WHERE conrelid = 'users'::regclass
        AND contype IN ('c', 'f')) AS made`,
    );
    expect(constraints).toStrictEqual([...ourUserConstraints].sort());
  });

  it('are all functions', async () => {
    const functions = await namesOf(
      `(SELECT proname AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace) AS made`,
    );
    expect(functions).toStrictEqual([...ourFunctions].sort());
  });
});
