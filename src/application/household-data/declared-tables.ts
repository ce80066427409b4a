import { declareTable } from './table-declaration.ts';

const NAME = { kind: 'text', maxLength: 200, required: true } as const;

const accounts = declareTable({
  name: 'accounts',
  singular: 'account',
  idPrefix: 'account',
  fields: {
    name: { ...NAME, description: 'What the household calls it' },
    kind: { kind: 'text', maxLength: 50, description: 'Such as checking, savings or cash' },
    currency: {
      kind: 'text',
      maxLength: 3,
      pattern: '^[A-Z]{3}$',
      description: 'Of its transactions (ISO 4217), such as EUR',
    },
    archivedAt: { kind: 'instant', description: 'Since when it is out of use' },
  },
  filters: { equal: ['userId'] },
});

const categories = declareTable({
  name: 'categories',
  singular: 'category',
  idPrefix: 'category',
  fields: {
    name: { ...NAME, description: 'What the household calls it' },
    kind: { kind: 'oneOf', values: ['income', 'expense'], description: 'Which way money goes' },
    parentId: {
      kind: 'reference',
      table: 'categories',
      description: 'The wider category; never the category itself',
    },
  },
  filters: { equal: ['kind', 'parentId', 'userId'] },
});

const payees = declareTable({
  name: 'payees',
  singular: 'payee',
  idPrefix: 'payee',
  fields: { name: { ...NAME, description: 'Who pays, or is paid' } },
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
      description: 'Where the money went from or to',
    },
    amount: {
      kind: 'integer',
      required: true,
      description: "In minor units of the account's currency; negative for what was spent",
    },
    occurredOn: { kind: 'date', required: true, description: 'The day it happened' },
    categoryId: { kind: 'reference', table: 'categories', description: 'What it was for' },
    payeeId: { kind: 'reference', table: 'payees', description: 'Who paid, or was paid' },
    memo: { kind: 'text', maxLength: 2_000, multiline: true, description: 'Anything else' },
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
    title: { ...NAME, description: 'What is to be done' },
    description: { kind: 'text', maxLength: 10_000, multiline: true, description: 'In detail' },
    completed: { kind: 'boolean', default: false, description: 'Whether it is done' },
    assigneeId: { kind: 'member', description: 'Who is to do it' },
  },
  filters: { equal: ['completed', 'assigneeId', 'userId'] },
});

/** The tables that belong to households. A new table needs a declaration here and a migration. */
export const declaredTables = [accounts, categories, payees, transactions, tasks] as const;
