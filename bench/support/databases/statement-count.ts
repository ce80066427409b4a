import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from './bench-database.ts';

/** How often one statement runs per request. */
export type StatementCount = Readonly<{
  text: string;
  perRequest: number;
  /** Pages of tables and indexes read for one request, from memory or disk. */
  pages: number;
}>;

/** Time for all sessions to apply the reloaded configuration. */
const SETTLE_MS = 200;
/**
 * Statements that belong to no request: the denylist's poll, the mail policy and the heartbeat of
 * its lock, and PostgreSQL's own checks of foreign keys.
 */
const BACKGROUND =
  /pg_snapshot_xmin|mail_queue|policy_checkpoints|^SELECT \$1$|OPERATOR\(pg_catalog/;

const track = async ({ admin }: BenchDatabase, what: 'top' | 'none'): Promise<void> => {
  await admin(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await admin('SELECT pg_reload_conf()');
  await sleep(SETTLE_MS);
};

const abbreviate = (sql: string): string => sql.replace(/\s+/g, ' ').slice(0, 60);

/** Sends `request` `requests` times and reads from PostgreSQL which statements ran meanwhile. */
export const countStatements = async (
  database: BenchDatabase,
  requests: number,
  request: () => Promise<unknown>,
): Promise<readonly StatementCount[]> => {
  await track(database, 'top');
  try {
    await request(); // statements that a connection runs only once
    await database.admin('SELECT pg_stat_statements_reset()');
    for (let i = 0; i < requests; i += 1) await request();
    const rows = await database.admin<{ query: string; calls: string; pages: string }>(
      `SELECT query, calls, shared_blks_hit + shared_blks_read AS pages FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid
       WHERE d.datname = '${database.name}' ORDER BY calls DESC`,
    );
    return rows
      .filter(({ query }) => !BACKGROUND.test(query))
      .map(({ query, calls, pages }) => ({
        text: abbreviate(query),
        perRequest: Number(calls) / requests,
        pages: Number(pages) / requests,
      }));
  } finally {
    await track(database, 'none');
  }
};

export const statementsPerRequest = (counts: readonly StatementCount[]): number =>
  counts.reduce((sum, { perRequest }) => sum + perRequest, 0);

export const pagesPerRequest = (counts: readonly StatementCount[]): number =>
  counts.reduce((sum, { pages }) => sum + pages, 0);

export const describeStatements = (request: string, counts: readonly StatementCount[]): string =>
  `statements of one ${request}: ${counts
    .map(({ text, perRequest }) => `${perRequest.toFixed(2)} × ${text} …`)
    .join(' | ')}`;
