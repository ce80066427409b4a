import { describe, expect, it } from 'vitest';
import { camelCase, snakeCase } from '../../../src/application/household-data/declared-names.ts';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import {
  declareTable,
  type TableDeclaration,
} from '../../../src/application/household-data/table-declaration.ts';

const TABLES: readonly TableDeclaration[] = declaredTables;

const good: Parameters<typeof declareTable>[0] = {
  name: 'shopping_items',
  singular: 'shopping_item',
  idPrefix: 'item',
  fields: { neededOn: { kind: 'date', description: 'When' } },
  filters: { equal: ['userId'], range: { neededOn: ['neededFrom', 'neededTo'] } },
};

describe('a declared table', () => {
  it('has a column for each field, and for each that the server sets', () => {
    expect(declareTable(good).columns).toStrictEqual({
      id: 'id',
      householdId: 'household_id',
      userId: 'user_id',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      neededOn: 'needed_on',
    });
  });

  const text = { kind: 'text', maxLength: 1, description: 'What' } as const;
  it.each<[string, Partial<typeof good>, string]>([
    ['a name in camelCase', { name: 'shoppingItems' }, 'shoppingItems'],
    ['a name with a blank', { singular: 'shopping item' }, 'shopping item'],
    ['a name with a quote', { name: 'x"; DROP TABLE users' }, 'x"; DROP TABLE users'],
    ['a name that is too long', { name: 'x'.repeat(41) }, 'x'.repeat(41)],
    ['a field with a dash', { fields: { 'needed-on': text, neededOn: text } }, 'needed-on'],
    ['a prefix that no TypeID has', { idPrefix: 'Item' }, 'Item'],
    ['a field in snake_case', { fields: { needed_on: text, neededOn: text } }, 'needed_on'],
    ['a field that the server sets', { fields: { userId: text, neededOn: text } }, 'userId'],
    ['a filter by no field', { filters: { equal: ['colour'] } }, 'colour'],
    ['a range of no field', { filters: { equal: [], range: { colour: ['a', 'b'] } } }, 'colour'],
    ['a filter twice', { filters: { equal: ['userId', 'userId'] } }, 'userId'],
    [
      'a parameter that lists have already',
      { filters: { equal: [], range: { neededOn: ['limit', 'neededTo'] } } },
      'limit',
    ],
  ])('is refused with %s', (_, change, mistake) => {
    expect(() => declareTable({ ...good, ...change })).toThrow(
      new TypeError(`${change.name ?? good.name} cannot be declared with ${mistake}`),
    );
  });
});

describe('the declared tables', () => {
  it('have names and prefixes of their own', () => {
    for (const key of ['name', 'singular', 'idPrefix'] as const) {
      const names = TABLES.map((table) => table[key]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('refer to declared tables only', () => {
    const names = TABLES.map(({ name }) => name);
    const targets = TABLES.flatMap(({ fields }) =>
      Object.values(fields).flatMap((field) => (field.kind === 'reference' ? [field.table] : [])),
    );
    expect(targets).toStrictEqual(['categories', 'accounts', 'categories', 'payees']);
    expect(names).toStrictEqual(expect.arrayContaining(targets));
  });

  it('have the fields that applications were promised', () => {
    const fields = TABLES.map(({ name, fields: each }) => [
      name,
      Object.entries(each).map(([field, { required }]) => `${field}${required ? '*' : ''}`),
    ]);
    expect(Object.fromEntries(fields)).toStrictEqual({
      accounts: ['name*', 'kind', 'currency', 'archivedAt'],
      categories: ['name*', 'kind', 'parentId'],
      payees: ['name*'],
      transactions: ['accountId*', 'amount*', 'occurredOn*', 'categoryId', 'payeeId', 'memo'],
      tasks: ['title*', 'description', 'completed', 'assigneeId'],
    });
  });
});

describe('the name of a column and of its field', () => {
  it.each([
    ['tasks', 'tasks'],
    ['shopping_items', 'shoppingItems'],
    ['line_2_of_3', 'line2Of3'],
    ['_shopping_items', 'ShoppingItems'],
  ])('%s is %s in JSON', (column, field) => expect(camelCase(column)).toBe(field));

  it.each([
    ['occurredOn', 'occurred_on'],
    ['parentId', 'parent_id'],
    ['name', 'name'],
  ])('%s is %s in the database', (field, column) => expect(snakeCase(field)).toBe(column));
});
