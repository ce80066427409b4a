import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredTables } from '../../../../../src/application/household-data/declared-tables.ts';
import type { TableDeclaration } from '../../../../../src/application/household-data/table-declaration.ts';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { dumpRows } from '../../../../support/adopting/database-description.ts';
import { newOwner, type Person } from '../../../../support/households/household-people.ts';
import {
  type Body,
  createSamples,
  pathOf,
  type Shown,
} from '../../../../support/households/record-samples.ts';
import { expectDocumentedProblem, expectProblem } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

const TABLES: readonly TableDeclaration[] = declaredTables;
const EACH = TABLES.map((table) => [table.name, table] as const);

let app: RunningApp;
let samples: ReturnType<typeof createSamples>;
let eve: Person;
const evesRows = new Map<string, Shown>();

beforeAll(async () => {
  app = await startRunningApp();
  samples = createSamples(app.client, TABLES);
  eve = await newOwner(app);
  for (const table of TABLES) {
    evesRows.set(table.name, await samples.createFull(eve, table));
  }
});
afterAll(() => app?.close());

type Call = Readonly<{ body?: unknown; headers?: Record<string, string> }>;
const call = (person: Person, method: string, path: string, options: Call = {}) =>
  app.client.call(method, path, { token: person.token, ...options });

const rowOf = (rows: ReadonlyMap<string, Shown>, { name }: TableDeclaration): Shown => {
  const row = rows.get(name);
  if (row === undefined) throw new TypeError(`${name} has a row`);
  return row;
};

/** Every row of every table in the database. */
const everything = () =>
  Promise.all(TABLES.map(({ name }) => dumpRows(app.get(tokens.database), name)));

describe.each(EACH)('a body for %s', (_name, table) => {
  const path = pathOf(table);

  const hostile = (field: TableDeclaration['fields'][string]): readonly unknown[] => {
    const never = [[], {}, [1], { $gt: '' }, 'x\u0000y'];
    const texts = ['', ' ', '\u0007', 'a\u0085b', 'x'.repeat(20_000)];
    switch (field.kind) {
      case 'text':
        return [...never, 1, true, 'x'.repeat(20_000), '\u0007', ...(field.multiline ? [] : texts)];
      case 'oneOf':
        return [...never, 1, true, ...texts, field.values[0].toUpperCase(), `${field.values[0]} `];
      case 'integer':
        return [...never, '1', true, 1.5, 2 ** 53, -(2 ** 53), 1e300, ''];
      case 'date':
        return [
          ...never,
          1,
          ...texts,
          '2023-02-29',
          '2024-13-01',
          '2024-00-10',
          '2024-04-31',
          '0000-01-01',
          '0999-01-01',
          '3000-01-01',
          '20240101',
          '2024-1-1',
          '2024-01-01T00:00:00Z',
          'infinity',
          'today',
          '٢٠٢٤-٠١-٠١',
        ];
      case 'instant':
        return [
          ...never,
          1,
          ...texts,
          '2024-01-01',
          '2024-01-01T00:00:00',
          '2024-02-30T00:00:00Z',
          '2024-01-01T24:00:00Z',
          '2024-01-01T00:00:60Z',
          '2024-01-01T00:00:00+23:59',
          '0000-01-01T00:00:00Z',
          '9999-12-31T23:59:59-14:00',
          'infinity',
          'now',
        ];
      case 'boolean':
        return [...never, 0, 1, 'true', 'false', '', null];
      case 'reference':
      case 'member':
        return [...never, 1, true, '', 'x'.repeat(201)];
    }
  };

  it('is refused with a value of the wrong kind and stores nothing', async () => {
    const row = rowOf(evesRows, table);
    const body = await samples.bareBody(eve, table);
    const before = await everything();
    for (const [name, field] of Object.entries(table.fields)) {
      for (const value of hostile(field)) {
        const bad = { [name]: value };
        for (const answer of [
          await call(eve, 'POST', path, { body: { ...body, ...bad } }),
          await call(eve, 'PATCH', `${path}/${row.id}`, { body: bad }),
        ]) {
          expect({ name, value, status: answer.status }).toStrictEqual({
            name,
            value,
            status: 400,
          });
          expectProblem(answer, 'validation_failed');
        }
      }
    }
    expect(await everything()).toStrictEqual(before);
  });

  it('is refused when it is not an object', async () => {
    const inList = [await samples.bareBody(eve, table)];
    const before = await everything();
    for (const body of [[], 'x', 1, true, null, inList]) {
      const post = await call(eve, 'POST', path, { body });
      const patch = await call(eve, 'PATCH', `${path}/${rowOf(evesRows, table).id}`, { body });
      for (const answer of [post, patch]) expectProblem(answer, 'validation_failed');
    }
    expect(await everything()).toStrictEqual(before);
  });

  it('is stored unchanged when its text resembles SQL', async () => {
    const texts = Object.entries(table.fields).filter(
      ([, field]) => field.kind === 'text' && field.pattern === undefined && field.maxLength > 60,
    );
    for (const [name] of texts) {
      for (const text of [
        "'; DROP TABLE tasks; --",
        "x' || current_setting('latchkey.household_id') || '",
        '$$ || version() || $$',
        '\\x27 OR 1=1',
        '?, ??, :name, %s, $1',
        '<script>alert(1)</script>',
        'ﬀ\u202e\u0301',
      ]) {
        const body: Body = { ...(await samples.bareBody(eve, table)), [name]: text };
        const answer = await call(eve, 'POST', path, { body });
        expect(answer.status).toBe(201);
        expect((answer.json as Shown)[name]).toBe(text);
      }
    }
  });
});

describe.each(EACH)('a query of %s', (_name, table) => {
  const path = pathOf(table);

  it('is refused with unknown parameters and invalid values', async () => {
    const values: Readonly<Record<string, readonly string[]>> = {
      boolean: ['', 'maybe', '2', 'true;', '[]'],
      oneOf: ['', 'x', 'Income'],
      date: ['', 'x', '2024-02-30', 'infinity', '1'],
      reference: ['', 'x'.repeat(201), '%00'],
      member: ['', 'x'.repeat(201), '%00'],
    };
    const kindOf = (name: string) => table.fields[name]?.kind ?? 'member';
    const { equal, range = {} } = table.filters;
    const bad = [
      ...equal.flatMap((name) => (values[kindOf(name)] ?? []).map((v) => `${name}=${v}`)),
      ...Object.values(range).flatMap((names) =>
        names.flatMap((name) => (values.date ?? []).map((value) => `${name}=${value}`)),
      ),
      'limit=0',
      'limit=101',
      'limit=x',
      'limit=-1',
      'offset=1',
      'id=x',
      'title=x',
      'orderBy=id',
      'userId=a&userId=b',
      '__proto__=x',
      'constructor=x',
    ];
    for (const query of bad) {
      const answer = await call(eve, 'GET', `${path}?${query}`);
      expect({ query, status: answer.status }).toStrictEqual({ query, status: 400 });
      expectDocumentedProblem(answer);
    }
    for (const id of ['%00', 'a%00b', encodeURIComponent('x'.repeat(201))]) {
      const { status } = await call(eve, 'GET', `${path}/${id}`);
      expect([400, 404]).toContain(status);
    }
  });
});

describe('an adopted table with invalid values', () => {
  it('is shown unchanged, and its constraints refuse records without revealing them', async () => {
    await app.sql(`
      ALTER TABLE categories DROP CONSTRAINT categories_kind_check;
      ALTER TABLE tasks ALTER COLUMN completed DROP NOT NULL;
      ALTER TABLE payees ADD CONSTRAINT old_rule CHECK (name <> 'Nobody')`);
    const times = 'created_at, updated_at';
    const own = `'${eve.householdId}', '2020-01-01T00:00:00.123456Z', now()`;
    await app.sql(`INSERT INTO categories (id, household_id, ${times}, name, kind)
      VALUES ('17', ${own}, '', 'transfer')`);
    await app.sql(`INSERT INTO tasks (id, household_id, ${times}, title, completed)
      VALUES ('17', ${own}, E'two\\nlines', NULL)`);
    const shown = { id: '17', userId: null, createdAt: '2020-01-01T00:00:00.123Z' };
    const category = await call(eve, 'GET', '/v1/categories/17');
    expect(category.json).toMatchObject({ ...shown, name: '', kind: 'transfer' });
    const task = await call(eve, 'GET', '/v1/tasks/17');
    expect(task.json).toMatchObject({ ...shown, title: 'two\nlines', completed: false });
    const refused = await call(eve, 'POST', '/v1/payees', { body: { name: 'Nobody' } });
    expectProblem(refused, 'record_invalid');
    expect(refused.text).not.toContain('old_rule');
  });
});
