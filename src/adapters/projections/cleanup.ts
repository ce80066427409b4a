import { projectedTables } from '../../application/projections/projected-tables.ts';
import type { Database } from '../postgres/connection/connection.ts';

const BATCH = 5_000;

/**
 * Claims that no event ever confirmed, and released ones whose hold is over. The hour leaves time
 * for an account that is stored but not yet in the tables.
 */
const EXPIRED_CLAIMS = "expires_at < now() - interval '1 hour' OR held_until < now()";

/**
 * Deletes obsolete rows in batches; the events stay. `others` clean up tables that are not
 * projections.
 * @returns the number of rows by table
 */
export const createCleanup =
  (database: Database, others: Readonly<Record<string, () => Promise<number>>>) =>
  async (): Promise<Readonly<Record<string, number>>> => {
    const removed: Record<string, number> = {};
    for (const { name, obsolete } of projectedTables) {
      if (obsolete === null) continue;
      const condition =
        name === 'identifier_claims' ? EXPIRED_CLAIMS : obsolete.replaceAll('$now', 'now()');
      removed[name] = 0;
      for (;;) {
        const rows = await database.query({
          text: `DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
              SELECT ctid FROM ${name} WHERE ${condition} LIMIT ${BATCH})) RETURNING 1`,
        });
        removed[name] += rows.length;
        if (rows.length < BATCH) break;
      }
    }
    for (const [table, removeExpired] of Object.entries(others)) {
      removed[table] = await removeExpired();
    }
    return removed;
  };
