import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredTables } from '../../src/application/household-data/declared-tables.ts';
import type {
  Field,
  TableDeclaration,
} from '../../src/application/household-data/table-declaration.ts';
import { type OpenDatabase, openTestDatabase } from '../support/servers/open-database.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database?.drop());

const TYPES: Readonly<Record<Field['kind'], string>> = {
  text: 'text',
  oneOf: 'text',
  integer: 'bigint',
  date: 'date',
  instant: 'timestamp with time zone',
  boolean: 'boolean',
  reference: 'text',
  member: 'text',
};

const SERVER_COLUMNS = {
  id: 'text NOT NULL',
  household_id: 'text NOT NULL',
  user_id: 'text',
  created_at: 'timestamp with time zone NOT NULL',
  updated_at: 'timestamp with time zone NOT NULL',
};

const declaredColumns = ({ columns, fields }: TableDeclaration) =>
  Object.entries(fields).map(([name, { kind, required }]) => [
    columns[name],
    `${TYPES[kind]}${required || kind === 'boolean' ? ' NOT NULL' : ''}`,
  ]);

const lines = async (text: string, table: string): Promise<readonly string[]> => {
  const rows = await database.sql<{ line: string }>(text, table);
  return rows.map(({ line }) => line);
};

const foreignKeys = (table: string) =>
  lines(
    `SELECT pg_get_constraintdef(oid) AS line FROM pg_constraint
      WHERE conrelid = $1::regclass AND contype = 'f' ORDER BY 1`,
    table,
  );

const indexed = (table: string) =>
  lines(
    `SELECT substring(pg_get_indexdef(indexrelid) FROM '\\((.*)\\)$') AS line FROM pg_index
      WHERE indrelid = $1::regclass ORDER BY 1`,
    table,
  );

describe.each(declaredTables.map((table) => [table.name, table as TableDeclaration] as const))(
  'the migrated table %s',
  (name, table) => {
    it('has exactly the declared columns', async () => {
      const rows = await database.sql<{ column: string; type: string }>(
        `SELECT attname AS column, format_type(atttypid, atttypmod)
            || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END AS type
          FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
        name,
      );
      expect(Object.fromEntries(rows.map(({ column, type }) => [column, type]))).toStrictEqual({
        ...SERVER_COLUMNS,
        ...Object.fromEntries(declaredColumns(table)),
      });
    });

    it('restricts every reference to its household', async () => {
      const references = Object.entries(table.fields).flatMap(([field, declared]) => {
        const column = table.columns[field];
        const onDelete = declared.required ? '' : ` ON DELETE SET NULL (${column})`;
        const key = `FOREIGN KEY (household_id, ${column}) REFERENCES`;
        if (declared.kind === 'member') {
          return [`${key} household_members(household_id, user_id)${onDelete}`];
        }
        return declared.kind === 'reference'
          ? [`${key} ${declared.table}(household_id, id)${onDelete}`]
          : [];
      });
      const creator = name === 'tasks' ? 'CASCADE' : 'SET NULL';
      expect(await foreignKeys(name)).toStrictEqual(
        [
          ...references,
          'FOREIGN KEY (household_id) REFERENCES households(id) ON DELETE CASCADE',
          `FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE ${creator}`,
        ].sort(),
      );
    });

    it('is indexed by its lookup columns', async () => {
      const references = Object.entries(table.fields)
        .filter(([, { kind }]) => kind === 'reference' || kind === 'member')
        .map(([field]) => `household_id, ${table.columns[field]}`);
      const ofTasks = name === 'tasks' ? ['created_at', 'user_id, completed'] : [];
      expect([...(await indexed(name))].sort()).toStrictEqual(
        [
          'id',
          'household_id, id',
          'household_id',
          'household_id, created_at, id',
          'user_id',
          ...references,
          ...ofTasks,
        ].sort(),
      );
    });
  },
);

describe('a page of a long list', () => {
  it('is read by its index', async () => {
    const plan = await database.transaction(async (connection) => {
      await connection.query({ text: 'SET CONSTRAINTS ALL DEFERRED' });
      await connection.query({
        text: `INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
          VALUES ('user_1', 'user', 'free', true, now(), now())`,
      });
      await connection.query({
        text: `INSERT INTO households SELECT 'hh_' || n, 'Home', 'user_1', now(), now()
          FROM generate_series(1, 50) AS n`,
      });
      await connection.query({
        text: `INSERT INTO payees (id, household_id, name, created_at, updated_at)
          SELECT 'payee_' || n, 'hh_' || (n % 50 + 1), 'Baker', now() - n * interval '1 s', now()
          FROM generate_series(1, 20000) AS n`,
      });
      await connection.query({ text: 'ANALYZE payees' });
      await connection.query({ text: `SET LOCAL latchkey.household_id = 'hh_7'` });
      await connection.query({ text: 'SET LOCAL ROLE latchkey_member' });
      return connection.query<{ 'QUERY PLAN': string }>({
        text: `EXPLAIN (COSTS OFF) SELECT * FROM payees WHERE household_id = 'hh_7'
          AND (created_at, id) < (now() - interval '1 minute', 'payee_1')
          ORDER BY created_at DESC, id DESC LIMIT 51`,
      });
    });
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('Index Scan Backward using payees_in_order_of_age');
    expect(text).not.toContain('Sort');
  });
});
