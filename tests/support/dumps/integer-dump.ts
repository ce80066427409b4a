import { dumpText, insertRows, type Row, setSequence } from './dump-text.ts';
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

const serial = (table: string): string => `
CREATE SEQUENCE public.${table}_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.${table}_id_seq OWNED BY public.${table}.id;
ALTER TABLE ONLY public.${table} ALTER COLUMN id SET DEFAULT nextval('public.${table}_id_seq'::regclass);
`;

const SCHEMA = `
CREATE FUNCTION public.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.updated_at = CURRENT_TIMESTAMP;
    RETURN NEW;
END;
$$;

CREATE TABLE public.users (
    id integer NOT NULL,
    username character varying(80) NOT NULL,
    email character varying(255),
    password_hash character varying(255),
    is_admin boolean DEFAULT false NOT NULL,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

CREATE TABLE public.tasks (
    id integer NOT NULL,
    user_id integer NOT NULL,
    title character varying(200) NOT NULL,
    description text,
    completed boolean DEFAULT false NOT NULL,
    due_date date,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE ONLY public.tasks ALTER COLUMN title SET STATISTICS 500;

CREATE TABLE public.task_comments (
    id integer NOT NULL,
    task_id integer NOT NULL,
    author_id integer,
    body text NOT NULL,
    created_at timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

COMMENT ON COLUMN public.task_comments.author_id IS 'Null once the author is gone';

CREATE VIEW public.open_tasks AS
 SELECT users.username,
    count(*) AS open
   FROM (public.tasks
     JOIN public.users ON ((users.id = tasks.user_id)))
  WHERE (NOT tasks.completed)
  GROUP BY users.username;
${serial('users')}${serial('tasks')}${serial('task_comments')}`;

const CONSTRAINTS = `
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_username_key UNIQUE (username);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.tasks ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tasks ADD CONSTRAINT ck_tasks_title CHECK ((length((title)::text) > 0));
ALTER TABLE ONLY public.task_comments ADD CONSTRAINT task_comments_pkey PRIMARY KEY (id);

CREATE INDEX ix_tasks_user_id ON public.tasks USING btree (user_id);
CREATE INDEX ix_tasks_due ON public.tasks USING btree (user_id, due_date) WHERE (NOT completed);
CREATE INDEX ix_task_comments_task_id ON public.task_comments USING btree (task_id);

CREATE TRIGGER tasks_touch BEFORE UPDATE ON public.tasks FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER users_touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

ALTER TABLE ONLY public.tasks ADD CONSTRAINT tasks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.task_comments ADD CONSTRAINT task_comments_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.tasks(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.task_comments ADD CONSTRAINT task_comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.users(id) ON DELETE SET NULL;
`;

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
    SCHEMA,
    insertRows('users', users()),
    insertRows('tasks', tasks()),
    insertRows('task_comments', comments()),
    setSequence('users_id_seq', 14),
    setSequence('tasks_id_seq', HIGHEST_TASK + 3),
    setSequence('task_comments_id_seq', 30),
    CONSTRAINTS,
  );
