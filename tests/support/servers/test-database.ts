import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';

export type TestDatabase = Readonly<{
  connectionString: string;
  /** Drops the database and closes its open connections. */
  drop(): Promise<void>;
}>;

const onServer = async (sql: string): Promise<void> => {
  const server = inject('postgres');
  const client = new pg.Client({ connectionString: connectionStringFor(server, server.database) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

const create = async (template: string): Promise<TestDatabase> => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Copying files is faster than writing them through the WAL while nothing is synced.
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return {
    connectionString: connectionStringFor(inject('postgres'), name),
    drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`),
  };
};

/** Creates a database for one test file, with every migration applied. */
export const createTestDatabase = (): Promise<TestDatabase> => create(inject('postgres').template);

/** Creates an empty database for one test file. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create('template0');
