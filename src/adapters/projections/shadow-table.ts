import type { Drift } from '../../application/ports/projection-rebuilder.ts';
import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { FoldedRow } from '../../application/projections/table-fold.ts';
import type { Queryable } from '../postgres/connection.ts';

type DriftRow = Readonly<{
  key: Readonly<Record<string, unknown>>;
  live: Readonly<Record<string, unknown>> | null;
  rebuilt: Readonly<Record<string, unknown>> | null;
}>;

const BATCH = 2_000;
const MISSING = '(no row)';
const CONFIDENTIAL = '(confidential)';

const list = (columns: readonly string[], prefix: string): string =>
  columns.map((column) => `${prefix}.${column}`).join(', ');

const sameKey = (key: readonly string[], a: string, b: string): string =>
  key.map((column) => `${a}.${column} = ${b}.${column}`).join(' AND ');

/** A temporary twin of a projected table, for one connection: filled from the log, held against the live one. */
export const createShadowTable = (connection: Queryable, table: ProjectedTable) => {
  const { name, key, columns } = table;
  const shadow = `rebuilt_${name}`;
  const others = columns.filter((column) => !key.includes(column));
  const isCurrent =
    table.obsolete === null
      ? 'true'
      : `NOT coalesce(${table.obsolete.replaceAll('$now', 'now()')}, false)`;
  const rebuiltRows = `SELECT ${list(columns, 's')} FROM ${shadow} AS s WHERE ${isCurrent}`;
  // A row that only looks obsolete still stands where the log wants another one.
  const liveRows = `SELECT ${list(columns, 'l')} FROM ${name} AS l WHERE ${isCurrent}
    OR EXISTS (SELECT FROM (${rebuiltRows}) AS r WHERE ${sameKey(key, 'r', 'l')})`;
  const run = (text: string, values: readonly unknown[] = []) => connection.query({ text, values });

  const report = (row: DriftRow): readonly Drift[] => {
    const base = {
      table: name,
      key: table.confidential.some((c) => key.includes(c)) ? { hidden: true } : row.key,
    };
    if (row.live === null)
      return [{ ...base, column: key.join(','), live: MISSING, rebuilt: 'a row' }];
    if (row.rebuilt === null)
      return [{ ...base, column: key.join(','), live: 'a row', rebuilt: MISSING }];
    const { live, rebuilt } = row;
    return others
      .filter((column) => JSON.stringify(live[column]) !== JSON.stringify(rebuilt[column]))
      .map((column) =>
        table.confidential.includes(column)
          ? { ...base, column, live: CONFIDENTIAL, rebuilt: CONFIDENTIAL }
          : { ...base, column, live: live[column], rebuilt: rebuilt[column] },
      );
  };

  return {
    create: async (): Promise<void> => {
      await run(`CREATE TEMPORARY TABLE ${shadow} AS SELECT ${columns} FROM ${name} WITH NO DATA`);
      await run(`CREATE UNIQUE INDEX ON ${shadow} (${key})`);
    },

    write: async (rows: readonly FoldedRow[]): Promise<void> => {
      for (let from = 0; from < rows.length; from += BATCH) {
        const batch = rows.slice(from, from + BATCH);
        const keys = JSON.stringify(batch.map((row) => row.key));
        const written = JSON.stringify(
          batch.flatMap(({ row }) => (row === undefined ? [] : [row])),
        );
        await run(
          `DELETE FROM ${shadow} AS s USING jsonb_populate_recordset(NULL::${shadow}, $1) AS r
           WHERE ${sameKey(key, 's', 'r')}`,
          [keys],
        );
        await run(
          `INSERT INTO ${shadow} SELECT ${list(columns, 'r')}
           FROM jsonb_populate_recordset(NULL::${shadow}, $1) AS r`,
          [written],
        );
      }
    },

    /** Every row in which live and rebuilt differ, column by column. */
    compare: async (): Promise<readonly Drift[]> => {
      const rows = await connection.query<DriftRow>({
        text: `SELECT to_jsonb(live) AS live, to_jsonb(rebuilt) AS rebuilt,
            (SELECT to_jsonb(k) FROM (SELECT ${key.map((c) => `coalesce(live.${c}, rebuilt.${c}) AS ${c}`)}) AS k) AS key
          FROM (${liveRows}) AS live
          FULL JOIN (${rebuiltRows}) AS rebuilt ON ${sameKey(key, 'live', 'rebuilt')}
          WHERE live IS DISTINCT FROM rebuilt`,
      });
      return rows.flatMap(report);
    },

    /** Live rows that the log does not know, or knows differently where a row can simply be replaced. */
    removeWrong: async (): Promise<void> => {
      const same = table.mend === 'replace' ? 'AND r IS NOT DISTINCT FROM l' : '';
      await run(
        `DELETE FROM ${name} AS t USING (${liveRows}) AS l
         WHERE ${sameKey(key, 't', 'l')} AND NOT EXISTS (
           SELECT FROM (${rebuiltRows}) AS r WHERE ${sameKey(key, 'r', 'l')} ${same})`,
      );
    },

    /** What is missing comes back; what differs is mended in place. */
    writeRight: async (): Promise<void> => {
      if (table.mend !== 'replace') {
        const differing = `FROM (${rebuiltRows}) AS r, (${liveRows}) AS l
          WHERE ${sameKey(key, 'r', 'l')} AND ${sameKey(key, 't', 'l')} AND l IS DISTINCT FROM r`;
        if (table.mend.emptyFirst.length > 0) {
          const empty = table.mend.emptyFirst.map((column) => `${column} = NULL`);
          await run(`UPDATE ${name} AS t SET ${empty} ${differing}`);
        }
        const right = others.map((column) => `${column} = r.${column}`);
        await run(`UPDATE ${name} AS t SET ${right} ${differing}`);
      }
      await run(
        `INSERT INTO ${name} (${columns}) SELECT ${list(columns, 'r')} FROM (${rebuiltRows}) AS r
         WHERE NOT EXISTS (SELECT FROM ${name} AS t WHERE ${sameKey(key, 't', 'r')})`,
      );
    },
  };
};
