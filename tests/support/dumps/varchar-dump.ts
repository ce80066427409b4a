import { dumpText, insertRows, type Row, setSequence } from './dump-text.ts';
import { legacyHashes } from './legacy-hashes.ts';

/** Who signs in to the older system, and with what. */
export const VARCHAR_PEOPLE = [
  {
    id: 'user123',
    email: 'test@example.com',
    name: 'Test User',
    password: 'password123',
    salt: 'Kq3xVn8sT0yLw5mZr7uB1e',
  },
  {
    id: 'Hk9wQ2bXfT7pLrZ0aVnEuYcJ5sGd3MiO',
    email: 'Paula.Neumann@Example.com',
    name: 'Paula Neumann',
    password: 'correct horse battery',
    salt: 'aB4dE6gH8jK0mN2pQ4sT6u',
  },
  {
    id: '7f0c1d5e-93ab-4c0e-8b76-2d1f9e4a6c38',
    email: 'omar@example.org',
    name: null,
    password: 'zwölf Äpfel im Korb',
    salt: 'zY8xW6vU4tS2rQ0pO8nM6e',
  },
  {
    id: 'user124',
    email: 'lena@example.org',
    name: "Lena O'Hara",
    password: 'lena likes lemons',
    salt: 'L1e2N3a4L1e2M3o4N5s6.u',
  },
] as const;

const SCHEMA = `
CREATE TABLE public.schema_migrations (
    id integer NOT NULL,
    migration_name character varying(255) NOT NULL,
    applied_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE SEQUENCE public.schema_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.schema_migrations_id_seq OWNED BY public.schema_migrations.id;

CREATE TABLE public.tasks (
    id integer NOT NULL,
    user_id character varying(255) NOT NULL,
    title character varying(200) NOT NULL,
    description character varying(1000),
    completed boolean DEFAULT false NOT NULL,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE SEQUENCE public.tasks_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tasks_id_seq OWNED BY public.tasks.id;

CREATE TABLE public.users (
    id character varying(255) NOT NULL,
    email character varying(255) NOT NULL,
    password_hash character varying(255) NOT NULL,
    name character varying(255),
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY public.schema_migrations ALTER COLUMN id SET DEFAULT nextval('public.schema_migrations_id_seq'::regclass);
ALTER TABLE ONLY public.tasks ALTER COLUMN id SET DEFAULT nextval('public.tasks_id_seq'::regclass);
`;

const CONSTRAINTS = `
ALTER TABLE ONLY public.schema_migrations ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_migrations ADD CONSTRAINT schema_migrations_migration_name_key UNIQUE (migration_name);
ALTER TABLE ONLY public.tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX idx_tasks_created_at ON public.tasks USING btree (created_at);
CREATE INDEX idx_tasks_user_completed ON public.tasks USING btree (user_id, completed);
CREATE INDEX idx_tasks_user_id ON public.tasks USING btree (user_id);
CREATE INDEX idx_users_created_at ON public.users USING btree (created_at);
CREATE UNIQUE INDEX idx_users_email ON public.users USING btree (email);
CREATE INDEX ix_tasks_user_id ON public.tasks USING btree (user_id);

ALTER TABLE ONLY public.tasks ADD CONSTRAINT fk_tasks_user_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
`;

/** Rows the older system has of tasks; their ids go up to 41, some are gone. */
export const VARCHAR_TASKS = 34;
const HIGHEST_TASK = 41;

const timestamp = (n: number): string =>
  `2026-01-${String(10 + (n % 20)).padStart(2, '0')} 1${n % 10}:3${n % 6}:0${n % 10}.${100_007 + 13 * n}`;

const users = (): readonly Row[] =>
  VARCHAR_PEOPLE.map(({ id, email, name, password, salt }, n) => ({
    id,
    email,
    password_hash: legacyHashes.bcrypt12(password, salt),
    name,
    created_at: timestamp(n),
    updated_at: timestamp(n + 3),
  }));

const task = (id: number): Row => ({
  id,
  user_id: VARCHAR_PEOPLE[id % 3]?.id ?? '',
  title: `Task ${id}`,
  description: id % 3 === 0 ? `What to do about "${id}", and who'd do it` : null,
  completed: id % 4 === 1,
  created_at: timestamp(id),
  updated_at: timestamp(id + (id % 4)),
});

/** Every sixth was deleted; whatever was completed was rewritten, so it lies at the end. */
const tasks = (): readonly Row[] => {
  const ids = Array.from({ length: HIGHEST_TASK }, (_, n) => n + 1).filter((id) => id % 6 !== 2);
  return ids.map(task).sort((a, b) => Number(a.completed) - Number(b.completed));
};

export const varcharDump = (): string =>
  dumpText(
    SCHEMA,
    insertRows('schema_migrations', [
      { id: 1, migration_name: '001_create_users_table', applied_at: '2026-02-08 10:00:00.120031' },
      { id: 2, migration_name: '002_add_tasks_foreign_key', applied_at: '2026-02-08 10:00:01.9' },
    ]),
    insertRows('tasks', tasks()),
    insertRows('users', users()),
    setSequence('schema_migrations_id_seq', 2),
    setSequence('tasks_id_seq', HIGHEST_TASK + 1),
    CONSTRAINTS,
  );
