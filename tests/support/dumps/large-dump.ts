import { legacyHashes } from './legacy-hashes.ts';

export const LARGE_PASSWORD = 'the same for everybody';

/** People by number, most of them with an address; `rows` tasks spread over them. */
export type LargeDump = Readonly<{ users: number; rows: number }>;

/** One hash for all: computing them is not what is measured. */
const hash = (): string => legacyHashes.passlib(LARGE_PASSWORD, 'one salt for all');

/** Statements for an empty database, one at a time: it makes the rows by itself. */
export const largeDumpStatements = ({ users, rows }: LargeDump): readonly string[] => [
  `CREATE TABLE users (
    id serial PRIMARY KEY,
    username varchar(80) NOT NULL UNIQUE,
    email varchar(255) UNIQUE,
    password_hash varchar(255),
    is_admin boolean NOT NULL DEFAULT false,
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
  )`,
  `CREATE TABLE tasks (
    id serial PRIMARY KEY,
    user_id integer NOT NULL,
    title varchar(200) NOT NULL,
    description text,
    completed boolean NOT NULL DEFAULT false,
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
  )`,
  `INSERT INTO users (username, email, password_hash, is_admin, created_at)
    SELECT 'person.' || n, CASE WHEN n % 10 > 0 THEN 'person' || n || '@example.com' END,
      CASE WHEN n % 20 > 0 THEN '${hash()}' END, n = 1,
      timestamp '2020-01-01' + n * interval '1 minute'
    FROM generate_series(1, ${users}) AS n`,
  `INSERT INTO tasks (user_id, title, description, completed, created_at, updated_at)
    SELECT (n * 7919::bigint) % ${users} + 1, 'Task ' || n,
      CASE WHEN n % 3 = 0 THEN repeat('what there is to do ', 5) END, n % 4 = 0,
      timestamp '2021-01-01' + n * interval '1 second', timestamp '2021-06-01' + n * interval '1 second'
    FROM generate_series(1, ${rows}) AS n`,
  `ALTER TABLE tasks ADD CONSTRAINT fk_tasks_user_id
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`,
  'CREATE INDEX idx_tasks_user_id ON tasks (user_id)',
  'CREATE INDEX idx_tasks_user_completed ON tasks (user_id, completed)',
  'CREATE INDEX idx_tasks_created_at ON tasks (created_at)',
  'VACUUM ANALYZE',
];
