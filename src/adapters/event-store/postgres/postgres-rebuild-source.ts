import type { Queryable } from '../../postgres/connection.ts';
import { countRows } from '../../postgres/count-rows.ts';
import type { PostgresLog } from './postgres-log.ts';

/** A log in the same database: with `streams` locked nobody can append, and the tables tell all of it. */
export const createPostgresRebuildSource =
  ({ readAll, readLocked }: Pick<PostgresLog, 'readAll' | 'readLocked'>) =>
  async (connection: Queryable) => ({
    count: () => countRows(connection, 'events'),
    readAll: () => readAll(),
    readRest: (after: Parameters<typeof readLocked>[1]) => readLocked(connection, after),
    afterMending: async () => undefined,
  });
