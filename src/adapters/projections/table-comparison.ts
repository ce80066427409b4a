import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Drift } from '../../application/projections/projection-rebuilder.ts';
import type { TouchedRows } from '../../application/projections/table-fold.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { type ComparedTable, createComparedTable } from './compared-table.ts';

/** Beyond that a report says only how many more there are. */
const MAX_REPORTED_ROWS = 10_000;

/** All tables of a run, held against their shadows and made the same. For one session. */
export const createTableComparison = (connection: Queryable, tables: readonly ProjectedTable[]) => {
  const byName = new Map<string, ComparedTable>(
    tables.map((table) => [table.name, createComparedTable(connection, table)]),
  );
  const compared = [...byName.values()];
  let differing: readonly ComparedTable[] = [];

  return {
    /** While everybody goes on. */
    suspectDiffering: async (): Promise<void> => {
      for (const table of compared) await table.markDifferingRows();
    },

    /** What changed in a shadow since. */
    suspect: async (table: string, rows: TouchedRows): Promise<void> =>
      byName.get(table)?.markCandidates(rows),

    /** While nobody may write. */
    findDrift: async (): Promise<Readonly<{ drift: readonly Drift[]; furtherRows?: number }>> => {
      const found: ComparedTable[] = [];
      const drift: Drift[] = [];
      let further = 0;
      let left = MAX_REPORTED_ROWS;
      for (const table of compared) {
        const rows = await table.findDiffering();
        if (rows === 0) continue;
        found.push(table);
        const told = Math.min(rows, left);
        drift.push(...(await table.report(told)));
        left -= told;
        further += rows - told;
      }
      differing = found;
      return { drift, ...(further > 0 && { furtherRows: further }) };
    },

    /**
     * Rows go from children to parents and come from parents to children.
     * @throws Error when live and rebuilt differ even then
     */
    repair: async (): Promise<void> => {
      await connection.query({ text: 'SET CONSTRAINTS ALL DEFERRED' });
      for (const table of [...differing].reverse()) await table.removeWrong();
      for (const table of differing) await table.writeRight();
      for (const table of differing) {
        if ((await table.findDiffering()) > 0) throw new Error('rebuilt tables still differ');
      }
    },
  };
};
