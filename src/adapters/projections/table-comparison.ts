import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Drift } from '../../application/projections/projection-rebuilder.ts';
import type { TouchedRows } from '../../application/projections/table-fold.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { type ComparedTable, createComparedTable } from './compared-table.ts';

/** Further rows are only counted in a report. */
const MAX_REPORTED_ROWS = 10_000;

/** Compares all tables of a run with their staging tables, and repairs them. For one session. */
export const createTableComparison = (connection: Queryable, tables: readonly ProjectedTable[]) => {
  const byName = new Map<string, ComparedTable>(
    tables.map((table) => [table.name, createComparedTable(connection, table)]),
  );
  const compared = [...byName.values()];
  let differing: readonly ComparedTable[] = [];

  return {
    /** Runs while the service keeps writing. */
    findCandidates: async (): Promise<void> => {
      for (const table of compared) await table.markDifferingRows();
    },

    /** Adds rows that have changed in a staging table since. */
    addCandidates: async (table: string, rows: TouchedRows): Promise<void> =>
      byName.get(table)?.markCandidates(rows),

    /** Runs under the lock. */
    findDrift: async (): Promise<Readonly<{ drift: readonly Drift[]; furtherRows?: number }>> => {
      const found: ComparedTable[] = [];
      const drift: Drift[] = [];
      let further = 0;
      let left = MAX_REPORTED_ROWS;
      for (const table of compared) {
        const rows = await table.findDiffering();
        if (rows === 0) continue;
        found.push(table);
        const reported = Math.min(rows, left);
        drift.push(...(await table.report(reported)));
        left -= reported;
        further += rows - reported;
      }
      differing = found;
      return { drift, ...(further > 0 && { furtherRows: further }) };
    },

    /**
     * Deletes rows from children to parents, and writes rows from parents to children.
     * @throws Error if the tables still differ afterwards
     */
    repair: async (): Promise<void> => {
      await connection.query({ text: 'SET CONSTRAINTS ALL DEFERRED' });
      for (const table of [...differing].reverse()) await table.removeWrong();
      for (const table of differing) await table.writeRight();
      for (const table of differing) {
        if ((await table.findDiffering()) > 0)
          throw new Error('tables still differ after the repair');
      }
    },
  };
};
