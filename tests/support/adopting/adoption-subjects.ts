import type { DumpFile } from '../dumps/dump-files.ts';
import { INTEGER_PEOPLE, INTEGER_ROWS } from '../dumps/integer-dump.ts';
import { LEDGER_ROWS, LEDGER_USERS } from '../dumps/ledger-dump.ts';
import { VARCHAR_PEOPLE, VARCHAR_TASKS } from '../dumps/varchar-dump.ts';

/** An account after its adoption. */
export type AdoptedPerson = Readonly<{
  id: string;
  username: string | null;
  email: string | null;
  displayName: string;
  role: 'user' | 'admin';
}>;

/** An identifier and a password of the older system, and the account they sign in to. */
export type LegacySignIn = Readonly<{
  id: string;
  identifiers: readonly string[];
  password: string;
}>;

/** A dump, and the expected result of its adoption. */
export type AdoptionSubject = Readonly<{
  file: DumpFile;
  /** Later writes of the application: gaps and rows out of order. */
  aged: readonly string[];
  /** The chosen tables, with the number of their rows. */
  tables: Readonly<Record<string, number>>;
  /** The expected report of the users. */
  survey: Readonly<{
    idType: string;
    passwordHashes: Readonly<Record<string, number>>;
    conflicts: readonly Readonly<{ kind: string; userIds: readonly string[] }>[];
  }>;
  /** Columns with numeric ids by table, which become text. */
  textIds: Readonly<Record<string, readonly string[]>>;
  people: readonly AdoptedPerson[];
  /** The owner of the shared household if none is given. */
  owner: string;
  signIns: readonly LegacySignIn[];
}>;

const { vera, walt } = LEDGER_USERS;

const ledger: AdoptionSubject = {
  file: 'ledger.sql',
  aged: [
    "UPDATE transactions SET memo = 'edited' WHERE id IN ('txn_0003', 'txn_0011')",
    "UPDATE accounts SET name = 'Giro (old)' WHERE id = 'acc_01'",
    `INSERT INTO payees (id, user_id, name) VALUES ('payee_06', '${vera}', 'Nobody')`,
    "DELETE FROM payees WHERE id = 'payee_06'",
  ],
  tables: LEDGER_ROWS,
  survey: { idType: 'character varying(40)', passwordHashes: { none: 2 }, conflicts: [] },
  textIds: {},
  people: [
    { id: vera, username: null, email: 'vera@example.com', displayName: 'vera', role: 'user' },
    {
      id: walt,
      username: null,
      email: 'walt.berger@example.org',
      displayName: 'walt.berger',
      role: 'user',
    },
  ],
  owner: vera,
  signIns: [],
};

const varchar: AdoptionSubject = {
  file: 'varchar-ids.sql',
  aged: [
    "UPDATE tasks SET title = title || '!' WHERE id % 5 = 0",
    "UPDATE users SET name = 'Paula N.' WHERE name = 'Paula Neumann'",
    'DELETE FROM tasks WHERE id = 41',
    "INSERT INTO tasks (user_id, title) VALUES ('user124', 'The latest')",
  ],
  tables: { tasks: VARCHAR_TASKS },
  survey: { idType: 'character varying(255)', passwordHashes: { bcrypt: 4 }, conflicts: [] },
  textIds: { tasks: ['id'] },
  people: VARCHAR_PEOPLE.map(({ id, email, name }) => ({
    id,
    username: null,
    email: email.toLowerCase(),
    displayName: name === 'Paula Neumann' ? 'Paula N.' : (name ?? 'omar'),
    role: 'user',
  })),
  owner: 'user123',
  signIns: VARCHAR_PEOPLE.map(({ id, email, password }) => ({
    id,
    identifiers: [email, email.toUpperCase()],
    password,
  })),
};

/** Dora has two accounts with one address, so both lose it. */
const adoptedEmail = (email: string | null): string | null =>
  email?.toLowerCase() === 'dora@example.org' ? null : email;

const integer: AdoptionSubject = {
  file: 'integer-ids.sql',
  aged: [
    'UPDATE tasks SET completed = NOT completed WHERE id % 7 = 1',
    "UPDATE users SET email = 'finn@example.com' WHERE id = 9",
    "INSERT INTO task_comments (task_id, body) VALUES (4, 'gone at once')",
    "DELETE FROM task_comments WHERE body = 'gone at once'",
  ],
  tables: INTEGER_ROWS,
  survey: {
    idType: 'integer',
    passwordHashes: { none: 2, pbkdf2: 6 },
    conflicts: [{ kind: 'email', userIds: ['4', '6'] }],
  },
  textIds: { tasks: ['id', 'user_id'], task_comments: ['task_id', 'author_id'] },
  people: INTEGER_PEOPLE.map(({ id, username, email }) => ({
    id: String(id),
    username: username.toLowerCase(),
    email: adoptedEmail(email),
    displayName: adoptedEmail(email)?.split('@')[0] ?? username,
    role: id === 1 || id === 9 ? 'admin' : 'user',
  })),
  owner: '1',
  signIns: INTEGER_PEOPLE.flatMap(({ id, username, email, password }) => {
    const address = adoptedEmail(email);
    const identifiers = [username, ...(address === null ? [] : [address])];
    return password === null ? [] : [{ id: String(id), identifiers, password }];
  }),
};

export const subjects = { ledger, varchar, integer } as const;
export const adoptionSubjects: readonly AdoptionSubject[] = Object.values(subjects);

export const adoptionModes = ['default', 'per-user'] as const;
export type AdoptionMode = (typeof adoptionModes)[number];

export const adoptArguments = (
  { tables }: AdoptionSubject,
  mode: AdoptionMode = 'default',
): readonly string[] => [
  'adopt',
  ...Object.keys(tables).flatMap((table) => ['--table', table]),
  ...['--households', mode],
];
