import { readdir } from 'node:fs/promises';
import knexPkg, { type Knex } from 'knex';
import pg from 'pg';
import { translateDatabaseError } from './connection.ts';
import { requireNotAdopted, requireOurs } from './foreign-database.ts';

/** Makes processes that start together wait for each other; with knex's own lock one would fail. */
const ADVISORY_LOCK = 7_153_424_701;
const FOLDER = new URL('../../../../migrations/', import.meta.url);
const TABLE = 'latchkey_migrations';

/** A migration; knex's command line shows `file`. */
type NamedMigration = Readonly<{ file: string }>;

/**
 * Lists migrations without file extension, so that `.ts` sources and compiled `.js` share one
 * history.
 */
export const migrationSource: Knex.MigrationSource<NamedMigration> = {
  getMigrations: async () => {
    const files = (await readdir(FOLDER)).filter((file) => /^\d{4}_\w+\.(ts|js)$/.test(file));
    const names = files.map((file) => file.replace(/\.(ts|js)$/, '')).sort();
    return names.map((file) => ({ file }));
  },
  getMigrationName: ({ file }) => file,
  getMigration: async ({ file }) => {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    return (await import(new URL(`${file}.${extension}`, FOLDER).href)) as Knex.Migration;
  },
};

/** The configuration of knex, here and in knexfile.ts. */
export const knexConfiguration = (connectionString: string): Knex.Config => ({
  client: 'pg',
  connection: { connectionString },
  pool: { min: 0, max: 1 },
  migrations: { migrationSource, tableName: TABLE },
});

/** Names of migrations, oldest first. */
export type MigrationStatus = Readonly<{ applied: readonly string[]; pending: readonly string[] }>;

const ignore = (): void => undefined;
/** The caller gets the error; knex would also print whole statements. */
const silent: Knex.Logger = { warn: ignore, error: ignore, deprecate: ignore, debug: ignore };

type Look = (client: pg.Client) => Promise<void>;

const withLock = async <Result>(
  connectionString: string,
  look: Look,
  work: (knex: Knex) => Promise<Result>,
): Promise<Result> => {
  const lock = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000 });
  const knex = knexPkg({ ...knexConfiguration(connectionString), log: silent });
  try {
    lock.on('error', () => undefined);
    await lock.connect();
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await look(lock);
    return await work(knex);
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await knex.destroy();
    await lock.end();
  }
};

const latest = async (knex: Knex): Promise<readonly string[]> => {
  const [, names] = (await knex.migrate.latest()) as [number, string[]];
  return names;
};

/**
 * Applies all pending migrations. @returns the names applied, oldest first
 * @throws ForeignDatabase when the database has another application's users; nothing is changed
 * then
 */
export const migrateUp = (connectionString: string): Promise<readonly string[]> =>
  withLock(connectionString, requireOurs, latest);

/** Applies all pending migrations to a database that an adoption has prepared. */
export const migrateAdopted = (connectionString: string): Promise<readonly string[]> =>
  withLock(connectionString, async () => undefined, latest);

/**
 * Reverts the latest migration, or all of them. @returns the names reverted, newest first
 * @throws ForeignDatabase for an adopted database
 */
export const migrateDown = (connectionString: string, all: boolean): Promise<readonly string[]> =>
  withLock(connectionString, requireNotAdopted, async (knex) => {
    const taken: string[] = [];
    for (;;) {
      const [, names] = (await knex.migrate.down()) as [number, string[]];
      taken.push(...names);
      if (!all || names.length === 0) return taken;
    }
  });

/** Reads which migrations are applied and which are pending. @throws ForeignDatabase */
export const migrationStatus = (connectionString: string): Promise<MigrationStatus> =>
  withLock(connectionString, requireOurs, async (knex) => {
    const [applied, pending] = (await knex.migrate.list()) as [
      { name: string }[],
      NamedMigration[],
    ];
    return { applied: applied.map(({ name }) => name), pending: pending.map(({ file }) => file) };
  });
