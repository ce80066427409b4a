import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Drift } from '../../application/projections/projection-rebuilder.ts';
import type { TouchedRows } from '../../application/projections/table-fold.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { candidatesName, columnsOf, currentRows, keysAsJson, sameKey } from './staging-rows.ts';

type DriftRow = Readonly<{
  key: Readonly<Record<string, unknown>>;
  live: Readonly<Record<string, unknown>> | null;
  rebuilt: Readonly<Record<string, unknown>> | null;
}>;

const MISSING = '(no row)';
const CONFIDENTIAL = '(confidential)';

/** Lists the columns in which the live row and the rebuilt one differ. */
const toDrift = (
  { name, key, columns, confidential }: ProjectedTable,
  row: DriftRow,
): readonly Drift[] => {
  const isHidden = confidential.some((column) => key.includes(column));
  const base = { table: name, key: isHidden ? { hidden: true } : row.key };
  const { live, rebuilt } = row;
  if (live === null) return [{ ...base, column: key.join(','), live: MISSING, rebuilt: 'a row' }];
  if (rebuilt === null)
    return [{ ...base, column: key.join(','), live: 'a row', rebuilt: MISSING }];
  return columns
    .filter((column) => JSON.stringify(live[column]) !== JSON.stringify(rebuilt[column]))
    .map((column) =>
      confidential.includes(column)
        ? { ...base, column, live: CONFIDENTIAL, rebuilt: CONFIDENTIAL }
        : { ...base, column, live: live[column], rebuilt: rebuilt[column] },
    );
};

export type ComparedTable = ReturnType<typeof createComparedTable>;

/**
 * Compares a projected table with its staging table, and repairs it. All rows are compared once
 * while the service keeps writing. Those that differ then, and those that events change meanwhile,
 * are candidates; only candidates are compared under the lock. For one session.
 */
export const createComparedTable = (connection: Queryable, table: ProjectedTable) => {
  const { name, key, columns } = table;
  const candidates = candidatesName(table);
  const differing = `differing_${name}`;
  const others = columns.filter((column) => !key.includes(column));
  const { rebuilt, live } = currentRows(table);
  let hasCandidates = false;
  const run = (text: string, values: readonly unknown[] = []) => connection.query({ text, values });
  const isAmong = (keys: string, alias: string) =>
    `EXISTS (SELECT FROM ${keys} AS k WHERE ${sameKey(key, 'k', alias)})`;

  /**
   * The query for the keys, and optionally both versions, of differing rows that meet `condition`.
   */
  const differences = (condition: (alias: string) => string, wanted: string) =>
    `SELECT ${key.map((c) => `coalesce(live.${c}, rebuilt.${c}) AS ${c}`)} ${wanted}
     FROM (SELECT * FROM (${live}) AS a WHERE ${condition('a')}) AS live
     FULL JOIN (SELECT * FROM (${rebuilt}) AS b WHERE ${condition('b')}) AS rebuilt
       ON ${sameKey(key, 'live', 'rebuilt')}
     WHERE live IS DISTINCT FROM rebuilt`;

  return {
    /** Runs while the service keeps writing. */
    markDifferingRows: async (): Promise<void> => {
      const [row] = await connection.query<{ count: string }>({
        text: `WITH added AS (INSERT INTO ${candidates} ${differences(() => 'true', '')} RETURNING 1)
          SELECT count(*) AS count FROM added`,
      });
      const found = Number(row?.count);
      if (found > 0) await run(`ANALYZE ${candidates}`);
      hasCandidates ||= found > 0;
    },

    /** Adds rows that events have changed since, and rows that were removed with their user. */
    markCandidates: async ({ written, removed }: TouchedRows): Promise<void> => {
      if (written.length + removed.length === 0) return;
      hasCandidates = true;
      await run(
        `INSERT INTO ${candidates} SELECT ${key} FROM jsonb_populate_recordset(NULL::${candidates}, $1)`,
        [keysAsJson(key, [...written, ...removed])],
      );
    },

    /** Runs under the lock. @returns how many rows differ */
    findDiffering: async (): Promise<number> => {
      if (!hasCandidates) return 0;
      const found = differences((alias) => isAmong(candidates, alias), '');
      await run(`DROP TABLE IF EXISTS ${differing};
        CREATE TEMPORARY TABLE ${differing} ON COMMIT DROP AS ${found}`);
      const [row] = await connection.query<{ count: string }>({
        text: `SELECT count(*) AS count FROM ${differing}`,
      });
      return Number(row?.count);
    },

    /** Reports at most `limit` of the differing rows. */
    report: async (limit: number): Promise<readonly Drift[]> => {
      const both = ', to_jsonb(live) AS live, to_jsonb(rebuilt) AS rebuilt';
      const rows = await connection.query<DriftRow>({
        text: `SELECT d.live, d.rebuilt, (SELECT to_jsonb(k) FROM (SELECT ${columnsOf(key, 'd')}) AS k) AS key
          FROM (${differences((alias) => isAmong(differing, alias), both)} LIMIT ${limit}) AS d`,
      });
      return rows.flatMap((row) => toDrift(table, row));
    },

    /**
     * Deletes live rows that the log does not yield, and differing ones of tables whose rows are
     * replaced.
     */
    removeWrong: async (): Promise<void> => {
      const wrong =
        table.repair === 'replace'
          ? 'true'
          : `NOT EXISTS (SELECT FROM (${rebuilt}) AS r WHERE ${sameKey(key, 'r', 'd')})`;
      await run(
        `DELETE FROM ${name} AS t USING ${differing} AS d WHERE ${sameKey(key, 't', 'd')} AND ${wrong}`,
      );
    },

    /** Inserts missing rows, and updates differing ones in place. */
    writeRight: async (): Promise<void> => {
      const right = `(${rebuilt}) AS r JOIN ${differing} AS d ON ${sameKey(key, 'r', 'd')}`;
      if (table.repair !== 'replace') {
        const update = (assignments: readonly string[]) =>
          run(
            `UPDATE ${name} AS t SET ${assignments} FROM ${right} WHERE ${sameKey(key, 't', 'r')}`,
          );
        const { emptyFirst } = table.repair;
        if (emptyFirst.length > 0) await update(emptyFirst.map((column) => `${column} = NULL`));
        await update(others.map((column) => `${column} = r.${column}`));
      }
      await run(
        `INSERT INTO ${name} (${columns}) SELECT ${columnsOf(columns, 'r')} FROM ${right}
         WHERE NOT EXISTS (SELECT FROM ${name} AS t WHERE ${sameKey(key, 't', 'r')})`,
      );
    },
  };
};
