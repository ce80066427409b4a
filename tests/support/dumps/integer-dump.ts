import { dumpText, insertRows, type Row, setSequence } from './dump-text.ts';
import { INTEGER_CONSTRAINTS, INTEGER_SCHEMA } from './integer-schema.ts';
import { legacyHashes } from './legacy-hashes.ts';

const { django, passlib, werkzeug } = legacyHashes;

/**
 * Who signs in to the older system, and with what. Dora has two accounts with one address; Ben and
 * Gil never had a password.
 */
export const INTEGER_PEOPLE = [
  { id: 1, username: 'ada', email: 'ada@example.com', password: 'ada counts on it', hash: django },
  { id: 2, username: 'ben', email: null, password: null, hash: null },
  { id: 3, username: 'Carl.K', email: null, password: 'carl hashes slowly', hash: passlib },
  { id: 4, username: 'dora', email: 'Dora@Example.org', password: 'dora one', hash: werkzeug },
  { id: 6, username: 'dora2', email: 'dora@example.org', password: 'dora two', hash: passlib },
  { id: 8, username: 'eve', email: null, password: 'eve listens in', hash: werkzeug },
  { id: 9, username: 'finn', email: 'finn@example.com', password: 'finn the human', hash: django },
  { id: 12, username: 'gil', email: null, password: null, hash: null },
] as const;

export const INTEGER_ROWS = { tasks: 45, task_comments: 12 } as const;
const HIGHEST_TASK = 60;

const timestamp = (n: number): string =>
  `2025-11-${String(1 + (n % 28)).padStart(2, '0')} 0${n % 10}:5${n % 6}:1${n % 10}.${200_003 + 17 * n}`;

/** Everybody but the first has been updated at some time, the last most lately. */
const users = (): readonly Row[] =>
  [4, 0, 7, 2, 6, 1, 5, 3].flatMap((place) => {
    const person = INTEGER_PEOPLE[place];
    if (person === undefined) return [];
    const { id, username, email, password, hash } = person;
    const salt = `salt${username}${id}`.replaceAll('.', '').padEnd(12, 'x');
    return {
      id,
      username,
      email,
      password_hash: hash === null || password === null ? null : hash(password, salt),
      is_admin: id === 9 || id === 1,
      created_at: timestamp(id),
      updated_at: timestamp(id + 5),
    };
  });

const task = (id: number): Row => ({
  id,
  user_id: INTEGER_PEOPLE[(id * 5) % 7]?.id ?? 1,
  title: `Task number ${id}`,
  description: id % 5 === 0 ? `Line one\nline two of ${id}` : null,
  completed: id % 3 === 0,
  due_date: id % 2 === 0 ? `2026-0${1 + (id % 9)}-15` : null,
  created_at: timestamp(id),
  updated_at: timestamp(id + 1),
});

const tasks = (): readonly Row[] =>
  Array.from({ length: HIGHEST_TASK }, (_, n) => ((n * 23) % HIGHEST_TASK) + 1)
    .filter((id) => id % 4 !== 3)
    .map(task);

const comments = (): readonly Row[] =>
  Array.from({ length: INTEGER_ROWS.task_comments }, (_, n) => ({
    id: 30 - n,
    task_id: 4 * (n + 1),
    author_id: n % 4 === 3 ? null : (INTEGER_PEOPLE[n % 7]?.id ?? null),
    body: `Comment ${n}; it's done`,
    created_at: timestamp(n),
  }));

export const integerDump = (): string =>
  dumpText(
    INTEGER_SCHEMA,
    insertRows('users', users()),
    insertRows('tasks', tasks()),
    insertRows('task_comments', comments()),
    setSequence('users_id_seq', 14),
    setSequence('tasks_id_seq', HIGHEST_TASK + 3),
    setSequence('task_comments_id_seq', 30),
    INTEGER_CONSTRAINTS,
  );
