import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import knexPkg, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIsolationCheck } from '../../../src/adapters/household-data/isolation-check.ts';
import { createFastifyApp } from '../../../src/adapters/http/app/fastify-app.ts';
import { knexConfiguration } from '../../../src/adapters/postgres/connection/migrations.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import type { TableDeclaration } from '../../../src/application/household-data/table-declaration.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { describeSchema, dumpRows } from '../../support/adopting/database-description.ts';
import { newMember, newOwner, type Person } from '../../support/households/household-people.ts';
import { createSamples, type Shown } from '../../support/households/record-samples.ts';
import {
  createHttpClient,
  expectProblem,
  type HttpClient,
} from '../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../support/servers/running-app.ts';

const PAGE = readFileSync('docs/household-data.md', 'utf8');
const folder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-documented-'));

/** The code block of the page that begins with this path, and the folder of its file. */
const blockOf = (file: RegExp) => {
  const blocks = [...PAGE.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  const [, place = '', code = ''] = blocks.find(([, place = '']) => file.test(place)) ?? [];
  return { place, code };
};

/** Loads it as if it were at the path that the page names. */
const load = async (file: RegExp): Promise<Record<string, unknown>> => {
  const { place, code } = blockOf(file);
  const home = path.resolve(path.dirname(place));
  const text = code.replace(/from '(\.[^']+)'/g, (_, target: string) => {
    return `from '${pathToFileURL(path.join(home, target)).href}'`;
  });
  const copy = path.join(folder, path.basename(place));
  writeFileSync(copy, text);
  return import(/* @vite-ignore */ pathToFileURL(copy).href);
};

const declared = await load(/shopping-items\.ts$/);
const table = declared.shoppingItems as TableDeclaration;
const migration = (await load(/^migrations\//)) as unknown as Knex.Migration;
const tables = [...declaredTables, table];

let app: RunningApp;
let knex: Knex;
let client: HttpClient;
let close: () => Promise<void>;
let ann: Person;
let vic: Person;
let eve: Person;

const migrate = (direction: 'up' | 'down') =>
  knex.transaction(async (trx) => migration[direction]?.(trx));

beforeAll(async () => {
  app = await startRunningApp();
  knex = knexPkg(knexConfiguration(app.connectionString));
  await migrate('up');
  const householdTables = { ...app.get(tokens.householdTables), tables };
  const server = await createFastifyApp({ ...app.get(tokens.http), householdTables });
  client = createHttpClient(await server.listen({ host: '127.0.0.1', port: 0 }));
  close = async () => {
    client.close();
    await server.close();
  };
  ann = await newOwner(app);
  vic = await newMember(app, ann.householdId, 'viewer');
  eve = await newOwner(app);
});
afterAll(async () => {
  await close?.();
  await knex?.destroy();
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

const PATH = '/v1/shopping-items';
const call = ({ token }: Person, method: string, at: string, body?: object) =>
  client.call(method, at, { token, ...(body && { body }) });

describe('the table that the documentation adds', () => {
  it('is added to the declared tables', () => {
    const { code } = blockOf(/declared-tables\.ts$/);
    const names = declaredTables.map(({ name }) => name);
    expect(code.trim()).toBe(
      [
        "import { shoppingItems } from './shopping-items.ts';",
        '',
        `export const declaredTables = [${names.join(', ')}, shoppingItems] as const;`,
      ].join('\n'),
    );
  });

  it('isolates households', async () => {
    const database = app.get(tokens.database);
    expect(await createIsolationCheck(database, tables)()).toStrictEqual([]);
  });

  it('has its routes', async () => {
    const samples = createSamples(client, tables);
    const body = await samples.fullBody(ann, table);
    const made = await call(ann, 'POST', PATH, body);
    expect(made.status).toBe(201);
    expect(made.json).toStrictEqual({
      id: expect.stringMatching(/^item_[0-9a-z]{26}$/),
      householdId: ann.householdId,
      userId: ann.id,
      ...body,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const { id } = made.json as Shown;
    expect((await call(vic, 'GET', `${PATH}/${id}`)).json).toStrictEqual(made.json);
    for (const query of [
      '?shop=market',
      '?bought=true',
      `?taskId=${body.taskId}`,
      '?neededFrom=2024-02-29&neededTo=2024-02-29',
    ]) {
      expect((await call(vic, 'GET', `${PATH}${query}`)).json).toStrictEqual({
        shoppingItems: [made.json],
        nextCursor: null,
      });
    }
    const none = { shoppingItems: [], nextCursor: null };
    expect((await call(vic, 'GET', `${PATH}?neededFrom=2024-03-01`)).json).toStrictEqual(none);
    expect((await call(eve, 'GET', PATH)).json).toStrictEqual(none);
    expectProblem(await call(eve, 'GET', `${PATH}/${id}`), 'record_not_found');
    expectProblem(await call(eve, 'POST', PATH, body), 'reference_not_found');
    expectProblem(await call(vic, 'DELETE', `${PATH}/${id}`), 'household_role_insufficient');

    const changed = await call(ann, 'PATCH', `${PATH}/${id}`, { pieces: 2, shop: null });
    expect(changed.json).toMatchObject({ ...body, pieces: 2, shop: null });
    expect((await call(ann, 'DELETE', `/v1/tasks/${body.taskId}`)).status).toBe(204);
    expect((await call(ann, 'GET', `${PATH}/${id}`)).json).toMatchObject({ id, taskId: null });
    expect((await call(ann, 'DELETE', `${PATH}/${id}`)).status).toBe(204);
  });

  it('is in the OpenAPI document like the others', async () => {
    const { json } = await client.call('GET', '/openapi.json');
    const { paths } = json as { paths: Record<string, Record<string, { operationId: string }>> };
    const names = [PATH, `${PATH}/{id}`].flatMap((at) =>
      Object.values(paths[at] ?? {}).map(({ operationId }) => operationId),
    );
    expect(names.sort()).toStrictEqual([
      'createShoppingItem',
      'deleteShoppingItem',
      'listShoppingItems',
      'readShoppingItem',
      'updateShoppingItem',
    ]);
  });

  it('is removed by its migration, and restored with its rows', async () => {
    const database = app.get(tokens.database);
    const samples = createSamples(client, tables);
    await samples.createFull(ann, table);
    const before = {
      rows: await dumpRows(database, table.name),
      schema: await describeSchema(database),
    };
    expect(before.rows).toHaveLength(1);
    await migrate('down');
    expect(
      (await describeSchema(database)).filter((line) => line.includes(table.name)),
    ).toStrictEqual([]);
    await migrate('up');
    expect({
      rows: await dumpRows(database, table.name),
      schema: await describeSchema(database),
    }).toStrictEqual(before);
  });

  it('loses rows with their household, and their creator with the account', async () => {
    const samples = createSamples(client, tables);
    const guest = await newMember(app, eve.householdId, 'member');
    const { id } = await samples.createFull(guest, table);
    await app.sql(
      'WITH home AS (DELETE FROM households WHERE owner_id = $1) DELETE FROM users WHERE id = $1',
      guest.id,
    );
    expect(await app.sql('SELECT user_id FROM shopping_items WHERE id = $1', id)).toStrictEqual([
      { user_id: null },
    ]);
    await app.sql('UPDATE users SET household_id = NULL WHERE household_id = $1', eve.householdId);
    await app.sql('DELETE FROM households WHERE id = $1', eve.householdId);
    expect(await app.sql('SELECT FROM shopping_items WHERE id = $1', id)).toStrictEqual([]);
  });
});
