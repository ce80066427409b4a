import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { camelCase } from '../../../../../src/application/household-data/declared-names.ts';
import { declaredTables } from '../../../../../src/application/household-data/declared-tables.ts';
import type { TableDeclaration } from '../../../../../src/application/household-data/table-declaration.ts';
import {
  newMember,
  newOwner,
  type Person,
} from '../../../../support/households/household-people.ts';
import {
  type Body,
  createSamples,
  pathOf,
  type Shown,
} from '../../../../support/households/record-samples.ts';
import { expectProblem } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let app: RunningApp;
let samples: ReturnType<typeof createSamples>;
let ann: Person;
let mia: Person;
let vic: Person;

beforeAll(async () => {
  app = await startRunningApp();
  samples = createSamples(app.client, declaredTables);
  ann = await newOwner(app);
  mia = await newMember(app, ann.householdId, 'member');
  vic = await newMember(app, ann.householdId, 'viewer');
});
afterAll(() => app?.close());

const call = (person: Person, method: string, path: string, body?: Body) =>
  app.client.call(method, path, { token: person.token, ...(body && { body }) });

const emptyOf = ({ fields }: TableDeclaration): Body =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.kind === 'boolean' ? field.default : null,
    ]),
  );

const serverSet = (person: Person, table: TableDeclaration) => ({
  id: expect.stringMatching(new RegExp(`^${table.idPrefix}_[0-7][0-9a-z]{25}$`)),
  householdId: person.householdId,
  userId: person.id,
  createdAt: expect.stringMatching(INSTANT),
  updatedAt: expect.stringMatching(INSTANT),
});

const pageOf = async (person: Person, table: TableDeclaration, query = '') => {
  const { status, json } = await call(person, 'GET', `${pathOf(table)}${query}`);
  expect(status).toBe(200);
  const { nextCursor, ...rest } = json as { nextCursor: string | null };
  expect(Object.keys(rest)).toStrictEqual([camelCase(table.name)]);
  return { rows: Object.values(rest)[0] as Shown[], nextCursor };
};

describe.each(declaredTables.map((table) => [table.name, table as TableDeclaration] as const))(
  'the table %s',
  (_name, table) => {
    const path = pathOf(table);

    it('stores every field and shows it to every member of the household', async () => {
      const body = await samples.fullBody(mia, table);
      const answer = await call(mia, 'POST', path, body);
      expect(answer.status).toBe(201);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.json).toStrictEqual({ ...serverSet(mia, table), ...body });
      const { id, createdAt, updatedAt } = answer.json as Shown;
      expect(updatedAt).toBe(createdAt);
      for (const person of [ann, mia, vic]) {
        const shown = await call(person, 'GET', `${path}/${id}`);
        expect(shown).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
        expect(shown.json).toStrictEqual(answer.json);
        expect((await pageOf(person, table)).rows[0]).toStrictEqual(answer.json);
      }
    });

    it('accepts a record with only the required fields', async () => {
      const body = await samples.bareBody(ann, table);
      const answer = await call(ann, 'POST', path, body);
      expect(answer.status).toBe(201);
      expect(answer.json).toStrictEqual({
        ...serverSet(ann, table),
        ...emptyOf(table),
        ...body,
      });
    });

    it('changes only the given fields', async () => {
      const before = await samples.createFull(ann, table);
      const other = await samples.fullBody(mia, table, 1);
      for (const [field, value] of Object.entries(other)) {
        const fresh = await samples.createFull(ann, table);
        const { status, json } = await call(mia, 'PATCH', `${path}/${fresh.id}`, {
          [field]: value,
        });
        expect({ status, json }).toStrictEqual({
          status: 200,
          json: { ...fresh, [field]: value, updatedAt: expect.stringMatching(INSTANT) },
        });
        expect(String((json as Shown).updatedAt) >= String(fresh.updatedAt)).toBe(true);
        expect((await call(ann, 'GET', `${path}/${fresh.id}`)).json).toStrictEqual(json);
      }
      expect((await call(ann, 'GET', `${path}/${before.id}`)).json).toStrictEqual(before);
    });

    it('empties optional fields and refuses to empty required ones', async () => {
      for (const [field, { kind, required }] of Object.entries(table.fields)) {
        const row = await samples.createFull(ann, table);
        const answer = await call(ann, 'PATCH', `${path}/${row.id}`, { [field]: null });
        if (required || kind === 'boolean') expectProblem(answer, 'validation_failed');
        else {
          expect(answer.status).toBe(200);
          expect(answer.json).toStrictEqual({
            ...row,
            [field]: null,
            updatedAt: expect.stringMatching(INSTANT),
          });
        }
      }
    });

    it('deletes a record once', async () => {
      const { id } = await samples.createBare(ann, table);
      const gone = await call(mia, 'DELETE', `${path}/${id}`);
      expect(gone).toMatchObject({ status: 204, text: '' });
      for (const method of ['GET', 'DELETE']) {
        expectProblem(await call(ann, method, `${path}/${id}`), 'record_not_found');
      }
      const change = await samples.bareBody(ann, table);
      expectProblem(await call(ann, 'PATCH', `${path}/${id}`, change), 'record_not_found');
      expect((await pageOf(ann, table)).rows.map((row) => row.id)).not.toContain(id);
    });

    it('lists records newest first, in pages without gaps', async () => {
      const owner = await newOwner(app);
      const made: string[] = [];
      for (let n = 0; n < 5; n += 1) made.push((await samples.createBare(owner, table)).id);
      // A referenced record may be in the same table and is then listed, too.
      const all = (await pageOf(owner, table, '?limit=100')).rows.map(({ id }) => id);
      expect(all.filter((id) => made.includes(id))).toStrictEqual(made.toReversed());
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await pageOf(owner, table, `?limit=2${query}`);
        seen.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(seen).toStrictEqual(all);
    });

    it('orders records of the same instant by their ids', async () => {
      const owner = await newOwner(app);
      for (let n = 0; n < 4; n += 1) await samples.createBare(owner, table);
      // Finer than the answers show: a cursor truncated to milliseconds would skip rows.
      await app.sql(
        `UPDATE ${table.name} SET created_at = '2026-01-01T00:00:00.000900Z' WHERE household_id = $1`,
        owner.householdId,
      );
      const all = (await pageOf(owner, table)).rows.map(({ id }) => id);
      expect(all).toStrictEqual(all.toSorted().toReversed());
      const first = await pageOf(owner, table, '?limit=1');
      const rest = await pageOf(owner, table, `?limit=100&cursor=${first.nextCursor}`);
      expect([...first.rows, ...rest.rows].map(({ id }) => id)).toStrictEqual(all);
    });

    it.each(table.filters.equal.map((name) => [name]))('can be filtered by %s', async (name) => {
      const owner = await newOwner(app);
      const friend = await newMember(app, owner.householdId, 'member');
      const mine = await samples.createFull(owner, table);
      const body = await samples.fullBody(friend, table, 1);
      const theirs = await samples.create(friend, table, body);
      for (const [row, other] of [
        [mine, theirs],
        [theirs, mine],
      ] as const) {
        const query = `?limit=100&${name}=${encodeURIComponent(String(row[name]))}`;
        const found = (await pageOf(owner, table, query)).rows;
        expect(found.map(({ id }) => id)).toContain(row.id);
        expect(found.map(({ id }) => id)).not.toContain(other.id);
        expect(found.every((each) => each[name] === row[name])).toBe(true);
      }
    });

    it('is read-only for a viewer', async () => {
      const row = await samples.createBare(ann, table);
      const body = await samples.bareBody(ann, table);
      const code = 'household_role_insufficient';
      expectProblem(await call(vic, 'POST', path, body), code);
      for (const id of [row.id, 'no-such-row']) {
        expectProblem(await call(vic, 'PATCH', `${path}/${id}`, body), code);
        expectProblem(await call(vic, 'DELETE', `${path}/${id}`), code);
      }
      expect((await call(ann, 'GET', `${path}/${row.id}`)).json).toStrictEqual(row);
    });

    it('refuses unknown fields and those that the server sets', async () => {
      const row = await samples.createBare(ann, table);
      const body = await samples.bareBody(ann, table);
      const foreign = { id: row.id, householdId: ann.householdId, userId: ann.id };
      const times = { createdAt: row.createdAt ?? null, updatedAt: row.createdAt ?? null };
      const strangers: Body = { ...foreign, ...times, household_id: 'x', constructor: 'x', '': 1 };
      const count = async () => (await pageOf(ann, table, '?limit=100')).rows.length;
      const before = await count();
      for (const [name, value] of Object.entries(strangers)) {
        const extra = { [name]: value };
        expectProblem(await call(ann, 'POST', path, { ...body, ...extra }), 'validation_failed');
        expectProblem(await call(ann, 'PATCH', `${path}/${row.id}`, extra), 'validation_failed');
      }
      expectProblem(await call(ann, 'PATCH', `${path}/${row.id}`, {}), 'validation_failed');
      expect(await count()).toBe(before);
      expect((await call(ann, 'GET', `${path}/${row.id}`)).json).toStrictEqual(row);
    });

    it('refuses a record without a required field', async () => {
      const body = await samples.bareBody(ann, table);
      for (const name of Object.keys(body)) {
        const { [name]: _, ...less } = body;
        expectProblem(await call(ann, 'POST', path, less), 'validation_failed');
        expectProblem(
          await call(ann, 'POST', path, { ...body, [name]: null }),
          'validation_failed',
        );
      }
    });
  },
);
