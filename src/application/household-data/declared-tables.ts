import { declareTable } from './table-declaration.ts';

const NAME = { kind: 'text', maxLength: 200, required: true } as const;

const accounts = declareTable({
  name: 'accounts',
  singular: 'account',
  idPrefix: 'account',
  fields: {
    name: { ...NAME, description: 'Name given by the household' },
    kind: {
      kind: 'text',
      maxLength: 50,
      description: 'Kind of account, such as checking, savings or cash',
    },
    currency: {
      kind: 'text',
      maxLength: 3,
      pattern: '^[A-Z]{3}$',
      description: 'Currency of its transactions (ISO 4217), such as EUR',
    },
    archivedAt: { kind: 'instant', description: 'Time at which the account was archived' },
  },
  filters: { equal: ['userId'] },
});

const categories = declareTable({
  name: 'categories',
  singular: 'category',
  idPrefix: 'category',
  fields: {
    name: { ...NAME, description: 'Name given by the household' },
    kind: { kind: 'oneOf', values: ['income', 'expense'], description: 'Direction of the money' },
    parentId: {
      kind: 'reference',
      table: 'categories',
      description: 'The parent category; never the category itself',
    },
  },
  filters: { equal: ['kind', 'parentId', 'userId'] },
});

const payees = declareTable({
  name: 'payees',
  singular: 'payee',
  idPrefix: 'payee',
  fields: { name: { ...NAME, description: 'Name of the payee' } },
  filters: { equal: ['userId'] },
});

const transactions = declareTable({
  name: 'transactions',
  singular: 'transaction',
  idPrefix: 'transaction',
  fields: {
    accountId: {
      kind: 'reference',
      table: 'accounts',
      required: true,
      description: 'Account of the transaction',
    },
    amount: {
      kind: 'integer',
      required: true,
      description: "Amount in minor units of the account's currency; negative for an expense",
    },
    occurredOn: { kind: 'date', required: true, description: 'Date of the transaction' },
    categoryId: {
      kind: 'reference',
      table: 'categories',
      description: 'Category of the transaction',
    },
    payeeId: { kind: 'reference', table: 'payees', description: 'Payee of the transaction' },
    memo: { kind: 'text', maxLength: 2_000, multiline: true, description: 'Further notes' },
  },
  filters: {
    equal: ['accountId', 'categoryId', 'payeeId', 'userId'],
    range: { occurredOn: ['occurredFrom', 'occurredTo'] },
  },
});

const tasks = declareTable({
  name: 'tasks',
  singular: 'task',
  idPrefix: 'task',
  fields: {
    title: { ...NAME, description: 'Title of the task' },
    description: {
      kind: 'text',
      maxLength: 10_000,
      multiline: true,
      description: 'Details of the task',
    },
    completed: { kind: 'boolean', default: false, description: 'Whether the task is completed' },
    assigneeId: { kind: 'member', description: 'Member to whom the task is assigned' },
  },
  filters: { equal: ['completed', 'assigneeId', 'userId'] },
});

/** The tables that belong to households. A new table needs a declaration here and a migration. */
export const declaredTables = [accounts, categories, payees, transactions, tasks] as const;
