import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import type { HouseholdData } from '../../../src/application/household-data/household-data.ts';
import type {
  FieldValues,
  HouseholdRecord,
} from '../../../src/application/household-data/household-scope.ts';
import type { TableDeclaration } from '../../../src/application/household-data/table-declaration.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { type ComposedSystem, composeSystem } from '../../support/servers/composed-system.ts';

const [accounts, categories, payees] = declaredTables;

/** The acting members and their roles: in the model, and in rows planted for each run. */
type Actor = Readonly<{ name: string; home: 0 | 1; role: 'owner' | 'member' | 'viewer' | 'none' }>;
const ACTORS: readonly Actor[] = [
  { name: 'owner0', home: 0, role: 'owner' },
  { name: 'member0', home: 0, role: 'member' },
  { name: 'viewer0', home: 0, role: 'viewer' },
  { name: 'stranger0', home: 0, role: 'none' },
  { name: 'owner1', home: 1, role: 'owner' },
  { name: 'member1', home: 1, role: 'member' },
];

type Step = Readonly<{
  actor: Actor;
  table: TableDeclaration;
  what: 'create' | 'read' | 'update' | 'remove' | 'list' | 'leave' | 'join';
  /** Index of a row of either household that exists or existed; beyond them: an unknown one. */
  pick: number;
  /** Index of the row or user that an optional reference names. */
  refer: number;
  number: number;
}>;

/** Makes counterexamples readable. */
const named = <Value extends { name: string }>(value: Value): Value => ({
  ...value,
  [fc.toStringMethod]: () => value.name,
});

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    actor: fc.constantFrom(...ACTORS.map(named)),
    table: fc.constantFrom<TableDeclaration>(...declaredTables.map(named)),
    what: fc.oneof(
      { weight: 4, arbitrary: fc.constant('create' as const) },
      { weight: 2, arbitrary: fc.constantFrom('read', 'update', 'remove', 'list') },
      { weight: 1, arbitrary: fc.constantFrom('leave', 'join') },
    ),
    pick: fc.nat(60),
    refer: fc.nat(60),
    number: fc.integer({ min: -1_000, max: 1_000 }),
  }) as fc.Arbitrary<Step>,
  { minLength: 20, maxLength: 120 },
);

/** Rows of each table for both households, so that references have targets. */
const beginning: readonly Step[] = ACTORS.filter(({ role }) => role === 'owner').flatMap((actor) =>
  declaredTables.map((table) => ({
    actor,
    table,
    what: 'create' as const,
    pick: actor.home,
    refer: 0,
    number: 0,
  })),
);

let system: ComposedSystem;
let data: HouseholdData;
let runs = 0;
beforeAll(async () => {
  system = await composeSystem();
  data = system.get(tokens.householdTables).data;
});
afterAll(() => system?.close());

type Place = Readonly<{
  userIds: ReadonlyMap<string, string>;
  households: readonly [string, string];
}>;

const settle = async (): Promise<Place> => {
  runs += 1;
  const households = [`hh_${runs}_0`, `hh_${runs}_1`] as const;
  const userIds = new Map(ACTORS.map(({ name }) => [name, `user_${runs}_${name}`]));
  await system.get(tokens.database).transaction(async (connection) => {
    const run = (text: string, ...values: unknown[]) => connection.query({ text, values });
    for (const { name, home, role } of ACTORS) {
      const id = userIds.get(name);
      await run(
        `INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
          VALUES ($1, 'user', 'free', true, now(), now())`,
        id,
      );
      if (role === 'owner') {
        const household = [households[home], id];
        await run(`INSERT INTO households VALUES ($1, 'Home', $2, now(), now())`, ...household);
      }
      if (role === 'none') continue;
      const member = [households[home], id, role];
      await run('INSERT INTO household_members VALUES ($1, $2, $3, now())', ...member);
    }
  });
  return { userIds, households: [households[0], households[1]] };
};

/** The expected tables. */
const createModel = ({ userIds, households }: Place) => {
  const rows = new Map<string, { table: TableDeclaration; home: 0 | 1; record: HouseholdRecord }>();
  const ever: { id: string; table: string }[] = [];
  const members = new Set(ACTORS.filter(({ role }) => role !== 'none').map(({ name }) => name));

  const idOf = (table: string, pick: number): string => {
    const ids = ever.filter((row) => row.table === table).map(({ id }) => id);
    return ids[pick % (ids.length + 1)] ?? 'nowhere';
  };
  const personOf = (refer: number): string =>
    userIds.get(ACTORS[refer % (ACTORS.length + 1)]?.name ?? '') ?? 'nobody';

  const valuesOf = ({ table, refer, pick, number }: Step): FieldValues => {
    const optional = (target: TableDeclaration) =>
      refer % 2 === 0 ? null : idOf(target.name, refer);
    switch (table.name) {
      case 'transactions':
        return {
          accountId: idOf(accounts.name, pick),
          amount: number,
          occurredOn: '2026-01-01',
          categoryId: optional(categories),
          payeeId: optional(payees),
          memo: null,
        };
      case 'categories':
        return { name: `n ${number}`, kind: null, parentId: optional(categories) };
      case 'tasks':
        return {
          title: `n ${number}`,
          description: null,
          completed: number > 0,
          assigneeId: refer % 2 === 0 ? null : personOf(refer),
        };
      case 'accounts':
        return { name: `n ${number}`, kind: null, currency: null, archivedAt: null };
      default:
        return { name: `n ${number}` };
    }
  };

  const isThere = (home: 0 | 1, table: string, id: unknown): boolean => {
    const row = rows.get(String(id));
    return row?.home === home && row.table.name === table;
  };

  const leadsNowhere = ({ actor, table }: Step, values: FieldValues): boolean =>
    Object.entries(table.fields).some(([field, declared]) => {
      const value = values[field];
      if (value === null) return false;
      if (declared.kind === 'reference') return !isThere(actor.home, declared.table, value);
      if (declared.kind !== 'member') return false;
      const person = ACTORS.find(({ name }) => userIds.get(name) === value);
      return person === undefined || person.home !== actor.home || !members.has(person.name);
    });

  const forget = (id: string): void => {
    rows.delete(id);
    for (const row of rows.values()) {
      for (const [field, { kind }] of Object.entries(row.table.fields)) {
        const refers = kind === 'reference' && row.record[field] === id;
        if (refers) row.record = { ...row.record, [field]: null };
      }
    }
  };

  return {
    rows,
    ever,
    members,
    households,
    userIds,
    idOf,
    valuesOf,
    isThere,
    leadsNowhere,
    forget,
  };
};

type Model = ReturnType<typeof createModel>;

/** The expected refusal of a step; undefined if it is to succeed. */
const expectedRefusal = (model: Model, step: Step, values: FieldValues): string | undefined => {
  const { actor, table, what, pick } = step;
  const id = model.idOf(table.name, pick);
  if (!model.members.has(actor.name)) return 'household_required';
  const writes = what === 'create' || what === 'update' || what === 'remove';
  if (writes && actor.role === 'viewer') return 'household_role_insufficient';
  // Refused for any id, before the row is read.
  const aboveItself = what === 'update' && table.name === 'categories' && values.parentId === id;
  if (aboveItself) return 'reference_not_found';
  if (what !== 'create' && what !== 'list' && !model.isThere(actor.home, table.name, id)) {
    return 'record_not_found';
  }
  if ((what === 'create' || what === 'update') && model.leadsNowhere(step, values)) {
    return 'reference_not_found';
  }
  const needed = [...model.rows.values()].some(({ record }) => record.accountId === id);
  return what === 'remove' && needed ? 'record_in_use' : undefined;
};

const refusalOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error: { code?: string }) => String(error.code),
  );

const change = async (model: Model, { actor, what }: Step): Promise<void> => {
  const member = [model.households[actor.home], model.userIds.get(actor.name)];
  if (actor.role === 'owner' || actor.role === 'none') return;
  if (what === 'leave') {
    await system.sql(
      'DELETE FROM household_members WHERE household_id = $1 AND user_id = $2',
      ...member,
    );
    model.members.delete(actor.name);
    for (const row of model.rows.values()) {
      if (row.record.assigneeId === member[1]) row.record = { ...row.record, assigneeId: null };
    }
  } else {
    await system.sql(
      'INSERT INTO household_members VALUES ($1, $2, $3, now()) ON CONFLICT (household_id, user_id) DO NOTHING',
      ...member,
      actor.role,
    );
    model.members.add(actor.name);
  }
};

const take = async (model: Model, step: Step): Promise<void> => {
  const { actor, table, what, pick } = step;
  if (what === 'leave' || what === 'join') return change(model, step);
  const householdId = model.households[actor.home];
  const asking = { userId: model.userIds.get(actor.name) ?? '', householdId };
  const values = model.valuesOf(step);
  const id = model.idOf(table.name, pick);
  const work = (): Promise<unknown> => {
    switch (what) {
      case 'create':
        return data.create(asking, table, values);
      case 'read':
        return data.read(asking, table, id);
      case 'update':
        return data.update(asking, table, id, values);
      case 'remove':
        return data.remove(asking, table, id);
      case 'list':
        return data.list(asking, table, { filter: {}, after: undefined, limit: 100 });
    }
  };
  const refusal = expectedRefusal(model, step, values);
  if (refusal !== undefined) {
    expect(await refusalOf(work())).toBe(refusal);
    return;
  }
  const result = await work();
  if (what === 'remove') return model.forget(id);
  if (what === 'list') {
    const mine = [...model.rows.values()].filter(
      (row) => row.home === actor.home && row.table.name === table.name,
    );
    const { records, next } = result as Awaited<ReturnType<HouseholdData['list']>>;
    const byId = (a: HouseholdRecord, b: HouseholdRecord) => (a.id < b.id ? -1 : 1);
    expect(next).toBeUndefined();
    expect([...records].sort(byId)).toStrictEqual(mine.map(({ record }) => record).sort(byId));
    return;
  }
  const record = result as HouseholdRecord;
  const known = model.rows.get(id)?.record;
  if (what === 'read') return expect(record).toStrictEqual(known);
  const { createdAt, updatedAt } = record;
  expect(record).toStrictEqual({
    id: what === 'create' ? record.id : id,
    householdId,
    userId: what === 'create' ? asking.userId : known?.userId,
    ...values,
    createdAt: what === 'create' ? createdAt : known?.createdAt,
    updatedAt,
  });
  model.rows.set(record.id, { table, home: actor.home, record });
  if (what === 'create') model.ever.push({ id: record.id, table: table.name });
};

describe('any sequence of requests by members of two households', () => {
  it('agrees with a model at every step and in the end', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const model = createModel(await settle());
        for (const step of [...beginning, ...history]) {
          seen.add(expectedRefusal(model, step, model.valuesOf(step)) ?? step.what);
          await take(model, step);
        }
        for (const { name } of declaredTables) {
          const stored = await system.sql<{ id: string }>(
            `SELECT id FROM ${name} WHERE household_id = ANY ($1) ORDER BY id`,
            model.households,
          );
          const expected = [...model.rows.values()].filter(({ table }) => table.name === name);
          expect(stored.map(({ id }) => id)).toStrictEqual(
            expected.map(({ record }) => record.id).sort(),
          );
        }
      }),
      { numRuns: 60 },
    );
    for (const outcome of [
      'household_required',
      'household_role_insufficient',
      'record_not_found',
      'reference_not_found',
      'record_in_use',
      'create',
      'read',
      'update',
      'remove',
      'list',
    ]) {
      expect(seen).toContain(outcome);
    }
  });
});
