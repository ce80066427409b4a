import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from './bench-database.ts';

export type StatementCount = Readonly<{
  text: string;
  perRequest: number;
  /** Pages of tables and indexes looked at for one request, in memory or not. */
  pages: number;
}>;

/** For every session to notice that the configuration was read again. */
const SETTLE_MS = 200;
/**
 * Not sent on behalf of a request: the denylist's poll, the mail policy and the heartbeat of its lock,
 * and the look-ups with which PostgreSQL itself checks foreign keys.
 */
const BACKGROUND =
  /pg_snapshot_xmin|mail_queue|policy_checkpoints|^SELECT \$1$|OPERATOR\(pg_catalog/;

const track = async ({ admin }: BenchDatabase, what: 'top' | 'none'): Promise<void> => {
  await admin(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await admin('SELECT pg_reload_conf()');
  await sleep(SETTLE_MS);
};

const abbreviate = (sql: string): string => sql.replace(/\s+/g, ' ').slice(0, 60);

/** Does `request` that often and asks PostgreSQL which statements it ran meanwhile. */
export const countStatements = async (
  database: BenchDatabase,
  requests: number,
  request: () => Promise<unknown>,
): Promise<readonly StatementCount[]> => {
  await track(database, 'top');
  try {
    await request(); // whatever a connection does once only
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
