import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { connectionStringFor } from '../../../src/adapters/managed-postgres/managed-postgres-connection.ts';

export type TestDatabase = Readonly<{
  connectionString: string;
  /** Also breaks connections that are still open. */
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
  // Copying files beats writing them through the log as long as nothing is ever synced.
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return {
    connectionString: connectionStringFor(inject('postgres'), name),
    drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`),
  };
};

/** A database of its own for a test file, with every migration applied. */
export const createTestDatabase = (): Promise<TestDatabase> => create(inject('postgres').template);

/** The same without any migration. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create('template0');
