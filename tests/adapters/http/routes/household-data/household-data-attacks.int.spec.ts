import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { camelCase } from '../../../../../src/application/household-data/declared-names.ts';
import { declaredTables } from '../../../../../src/application/household-data/declared-tables.ts';
import type { TableDeclaration } from '../../../../../src/application/household-data/table-declaration.ts';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { dumpRows } from '../../../../support/adopting/database-description.ts';
import {
  newMember,
  newOwner,
  type Person,
  tokenFor,
} from '../../../../support/households/household-people.ts';
import {
  createSamples,
  pathOf,
  type Shown,
} from '../../../../support/households/record-samples.ts';
import { type Answer, expectProblem } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

const TABLES: readonly TableDeclaration[] = declaredTables;
const EACH = TABLES.map((table) => [table.name, table] as const);

let app: RunningApp;
let samples: ReturnType<typeof createSamples>;
/** The owner of the rows that no other household may see. */
let ann: Person;
let eve: Person;
const annsRows = new Map<string, Shown>();
const evesRows = new Map<string, Shown>();

beforeAll(async () => {
  app = await startRunningApp();
  samples = createSamples(app.client, TABLES);
  ann = await newOwner(app);
  eve = await newOwner(app);
  for (const table of TABLES) {
    annsRows.set(table.name, await samples.createFull(ann, table));
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

/** Everything by which a client could distinguish two answers. */
const visible = ({ status, headers, text }: Answer) => {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return { status, headers: rest, text };
};

/** Every row of every table in the database. */
const everything = () =>
  Promise.all(TABLES.map(({ name }) => dumpRows(app.get(tokens.database), name)));

const list = async (person: Person, table: TableDeclaration, query = '') => {
  const answer = await call(person, 'GET', `${pathOf(table)}${query}`);
  expect(answer.status).toBe(200);
  const json = answer.json as Record<string, unknown>;
  return {
    rows: json[camelCase(table.name)] as Shown[],
    nextCursor: json.nextCursor as string | null,
  };
};

/** Ids that do not exist, in forms that may expose a bug. */
const UNKNOWN_IDS = [
  'task_00000000000000000000000000',
  '0',
  '-1',
  'null',
  "' OR '1'='1",
  "'; DROP TABLE tasks; --",
  '%',
  '_',
  '*',
  '\\',
  '$1',
  '??',
  ':id',
  '%s',
  '../tasks',
  '🧀',
  'x'.repeat(200),
] as const;

describe.each(EACH)('the %s of another household', (_name, table) => {
  const path = pathOf(table);

  it('are answered like missing ones, byte for byte', async () => {
    const before = await everything();
    const foreign = rowOf(annsRows, table).id;
    const missing = foreign.replace(/.{4}$/, '0000');
    const body = await samples.bareBody(eve, table);
    const others = [...annsRows.values()].map(({ id }) => id).filter((id) => id !== foreign);
    const settled = await everything();
    for (const [method, options] of [
      ['GET', {}],
      ['PATCH', { body }],
      ['DELETE', {}],
    ] as const) {
      const none = await call(eve, method, `${path}/${missing}`, options);
      expectProblem(none, 'record_not_found');
      for (const id of [foreign, ...others, ...UNKNOWN_IDS.map(encodeURIComponent)]) {
        const answer = await call(eve, method, `${path}/${id}`, options);
        expect(visible(answer)).toStrictEqual(visible(none));
      }
    }
    expect(await everything()).toStrictEqual(settled);
    expect(before.length).toBe(settled.length);
  });

  it('are not revealed by a reference to them', async () => {
    const own = rowOf(evesRows, table);
    for (const [field, declared] of Object.entries(table.fields)) {
      if (declared.kind !== 'reference' && declared.kind !== 'member') continue;
      const target = declared.kind === 'member' ? ann.id : annsRows.get(declared.table)?.id;
      const stranger = String(target).replace(/.{4}$/, '0000');
      const body = { ...(await samples.bareBody(eve, table)), [field]: stranger };
      const before = await everything();
      const made = await call(eve, 'POST', path, { body });
      const changed = await call(eve, 'PATCH', `${path}/${own.id}`, {
        body: { [field]: stranger },
      });
      for (const none of [made, changed]) expectProblem(none, 'reference_not_found');
      for (const id of [target, ...UNKNOWN_IDS, eve.householdId, ann.householdId]) {
        const again = { ...body, [field]: id };
        const post = await call(eve, 'POST', path, { body: again });
        expect(visible(post)).toStrictEqual(visible(made));
        const patch = await call(eve, 'PATCH', `${path}/${own.id}`, { body: { [field]: id } });
        expect(visible(patch)).toStrictEqual(visible(changed));
      }
      expect(await everything()).toStrictEqual(before);
    }
  });

  it('are in no list with any filter', async () => {
    const foreign = rowOf(annsRows, table);
    const { equal, range = {} } = table.filters;
    const queries = [
      '',
      ...equal.map((name) => `?${name}=${encodeURIComponent(String(foreign[name]))}`),
      ...equal
        .filter((name) => !['boolean', 'oneOf'].includes(table.fields[name]?.kind ?? ''))
        .flatMap((name) => UNKNOWN_IDS.map((value) => `?${name}=${encodeURIComponent(value)}`)),
      ...Object.values(range).flatMap(([from, to]) => [
        `?${from}=1000-01-01`,
        `?${to}=2999-12-31`,
        `?${from}=1000-01-01&${to}=2999-12-31`,
      ]),
    ];
    for (const query of queries) {
      const { rows } = await list(eve, table, query);
      expect(rows.filter(({ householdId }) => householdId !== eve.householdId)).toStrictEqual([]);
    }
    expect((await list(ann, table)).rows).toContainEqual(foreign);
  });

  it('are not reachable by naming their household in a request', async () => {
    for (const name of ['householdId', 'household_id', 'hh', 'latchkey.household_id', 'userId[]']) {
      const query = `${name}=${ann.householdId}`;
      expectProblem(await call(eve, 'GET', `${path}?${query}`), 'validation_failed');
    }
    const headers = {
      'x-household-id': ann.householdId,
      'latchkey-household': ann.householdId,
      'x-latchkey-household-id': ann.householdId,
      'x-user-id': ann.id,
      'x-original-url': `/v1/households/${ann.householdId}${path}`,
      cookie: `hh=${ann.householdId}`,
    };
    const answer = await call(eve, 'GET', path, { headers });
    expect(answer.json).toStrictEqual((await call(eve, 'GET', path)).json);
    for (const elsewhere of [
      `/v1/households/${ann.householdId}${path.replace('/v1', '')}`,
      `${path}/${ann.householdId}/${rowOf(annsRows, table).id}`,
      `${path}/${rowOf(evesRows, table).id}/../${rowOf(annsRows, table).id}`,
      `${path}//${rowOf(annsRows, table).id}`,
    ]) {
      const { status } = await call(eve, 'GET', elsewhere);
      expect({ elsewhere, status }).toStrictEqual({ elsewhere, status: 404 });
    }
  });
});

describe.each(EACH)('a cursor of %s', (_name, table) => {
  const path = pathOf(table);

  it('is refused for another user, household, list or filter', async () => {
    const friend = await newMember(app, ann.householdId, 'member');
    await samples.createBare(ann, table);
    const { nextCursor } = await list(ann, table, '?limit=1');
    expect(nextCursor).toStrictEqual(expect.any(String));
    const cursor = `cursor=${nextCursor}`;
    await list(ann, table, `?limit=1&${cursor}`);

    for (const person of [eve, friend]) {
      expectProblem(await call(person, 'GET', `${path}?${cursor}`), 'cursor_invalid');
    }
    for (const other of TABLES.filter(({ name }) => name !== table.name)) {
      expectProblem(await call(ann, 'GET', `${pathOf(other)}?${cursor}`), 'cursor_invalid');
    }
    const filtered = await call(ann, 'GET', `${path}?userId=${ann.id}&${cursor}`);
    expectProblem(filtered, 'cursor_invalid');
    const turned = `${nextCursor?.slice(0, -2)}${nextCursor?.endsWith('A') ? 'BB' : 'AA'}`;
    for (const forged of [turned, '', 'x', 'e30', nextCursor?.toUpperCase(), ann.householdId]) {
      expectProblem(await call(ann, 'GET', `${path}?cursor=${forged}`), 'cursor_invalid');
    }
  });

  it('is refused in another household of the same user', async () => {
    const twice = await newOwner(app);
    await samples.createBare(twice, table);
    await samples.createBare(twice, table);
    const { nextCursor } = await list(twice, table, '?limit=1');
    await app.sql(
      `INSERT INTO household_members VALUES ($1, $2, 'member', now())`,
      ann.householdId,
      twice.id,
    );
    const elsewhere = await tokenFor(app, { accessToken: twice.token }, ann.householdId, 'member');
    const guest = { ...twice, token: elsewhere };
    expectProblem(await call(guest, 'GET', `${path}?cursor=${nextCursor}`), 'cursor_invalid');
    expect((await list(guest, table)).rows).toContainEqual(rowOf(annsRows, table));
  });
});

describe('a category', () => {
  it('cannot be its own parent', async () => {
    const [, categories] = declaredTables;
    const row = await samples.createBare(eve, categories);
    const answer = await call(eve, 'PATCH', `/v1/categories/${row.id}`, {
      body: { parentId: row.id },
    });
    expectProblem(answer, 'reference_not_found');
    expect((await call(eve, 'GET', `/v1/categories/${row.id}`)).json).toStrictEqual(row);
  });
});

describe('a record that other records refer to', () => {
  it('cannot be deleted while a record requires it', async () => {
    const [accounts, , , transactions] = declaredTables;
    const account = await samples.createBare(eve, accounts);
    const body = { accountId: account.id, amount: 1, occurredOn: '2026-01-01' };
    const transaction = await samples.create(eve, transactions, body);
    const before = await everything();
    expectProblem(await call(eve, 'DELETE', `/v1/accounts/${account.id}`), 'record_in_use');
    expect(await everything()).toStrictEqual(before);
    await call(eve, 'DELETE', `/v1/transactions/${transaction.id}`);
    expect((await call(eve, 'DELETE', `/v1/accounts/${account.id}`)).status).toBe(204);
  });

  it('is deleted and its optional references are emptied', async () => {
    const [, categories, payees, transactions] = declaredTables;
    const full = await samples.createFull(eve, transactions);
    for (const [table, field] of [
      [categories, 'categoryId'],
      [payees, 'payeeId'],
    ] as const) {
      const gone = await call(eve, 'DELETE', `${pathOf(table)}/${full[field]}`);
      expect(gone.status).toBe(204);
    }
    const { json } = await call(eve, 'GET', `/v1/transactions/${full.id}`);
    expect(json).toStrictEqual({ ...full, categoryId: null, payeeId: null });
  });
});

describe('a user without a membership that allows the request', () => {
  const refused = async (person: Person, code: Parameters<typeof expectProblem>[1]) => {
    const before = await everything();
    for (const table of TABLES) {
      const path = pathOf(table);
      const body = await samples.bareBody(ann, table);
      const settled = await everything();
      const { id } = rowOf(annsRows, table);
      for (const answer of [
        await call(person, 'GET', path),
        await call(person, 'GET', `${path}/${id}`),
        await call(person, 'POST', path, { body }),
        await call(person, 'PATCH', `${path}/${id}`, { body }),
        await call(person, 'DELETE', `${path}/${id}`),
      ]) {
        expectProblem(answer, code);
      }
      expect(await everything()).toStrictEqual(settled);
    }
    expect(before.length).toBe(TABLES.length);
  };

  it('is refused although the token names the household', async () => {
    const claims = await tokenFor(app, { accessToken: eve.token }, ann.householdId, 'owner');
    await refused({ ...eve, token: claims }, 'household_required');
  });

  it('is refused with a token that names no household or an unknown one', async () => {
    for (const household of [null, 'hh_nobody', "' OR true --"]) {
      const token = await tokenFor(app, { accessToken: eve.token }, household, 'owner');
      await refused({ ...eve, token }, 'household_required');
    }
  });

  it('is refused from the moment of the removal, also with a cursor', async () => {
    const friend = await newMember(app, ann.householdId, 'admin');
    const [, , payees] = declaredTables;
    await samples.createBare(friend, payees);
    await samples.createBare(friend, payees);
    const { nextCursor } = await list(friend, payees, '?limit=1');
    await app.sql(
      'DELETE FROM household_members WHERE user_id = $1 AND household_id = $2',
      friend.id,
      ann.householdId,
    );
    const answer = await call(friend, 'GET', `/v1/payees?limit=1&cursor=${nextCursor}`);
    expectProblem(answer, 'household_required');
    await refused(friend, 'household_required');
  });

  it('is refused once the account is deactivated', async () => {
    const friend = await newMember(app, ann.householdId, 'admin');
    await app.sql('UPDATE users SET is_active = false WHERE id = $1', friend.id);
    await refused(friend, 'household_required');
  });

  it('cannot write from the moment the role is viewer, whatever role the token has', async () => {
    const friend = await newMember(app, ann.householdId, 'admin');
    await app.sql(
      `UPDATE household_members SET role = 'viewer' WHERE user_id = $1 AND household_id = $2`,
      friend.id,
      ann.householdId,
    );
    const body = { name: 'Baker' };
    expectProblem(
      await call(friend, 'POST', '/v1/payees', { body }),
      'household_role_insufficient',
    );
    expect((await call(friend, 'GET', '/v1/payees')).status).toBe(200);
    await app.sql(
      `UPDATE household_members SET role = 'member' WHERE user_id = $1 AND household_id = $2`,
      friend.id,
      ann.householdId,
    );
    const viewer = await tokenFor(app, { accessToken: friend.token }, ann.householdId, 'viewer');
    const promoted = await call({ ...friend, token: viewer }, 'POST', '/v1/payees', { body });
    expect(promoted.status).toBe(201);
  });

  it('is refused without a token before the request is validated', async () => {
    for (const table of TABLES) {
      const { id } = rowOf(annsRows, table);
      for (const [method, path] of [
        ['GET', pathOf(table)],
        ['GET', `${pathOf(table)}/${id}`],
        ['POST', pathOf(table)],
        ['PATCH', `${pathOf(table)}/${id}`],
        ['DELETE', `${pathOf(table)}/${id}`],
      ] as const) {
        expectProblem(
          await app.client.call(method, path, { body: { x: 1 } }),
          'access_token_missing',
        );
      }
    }
  });
});
