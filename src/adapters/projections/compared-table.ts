import type { Drift } from '../../application/ports/projection-rebuilder.ts';
import type { ProjectedTable } from '../../application/projections/projected-tables.ts';
import type { Queryable } from '../postgres/connection.ts';
import { columnsOf, countingRows, sameKey } from './shadow-rows.ts';

type DriftRow = Readonly<{
  key: Readonly<Record<string, unknown>>;
  live: Readonly<Record<string, unknown>> | null;
  rebuilt: Readonly<Record<string, unknown>> | null;
}>;

const MISSING = '(no row)';
const CONFIDENTIAL = '(confidential)';

/** A projected table held against its shadow, and made the same. */
export const createComparedTable = (connection: Queryable, table: ProjectedTable) => {
  const { name, key, columns } = table;
  const others = columns.filter((column) => !key.includes(column));
  const { rebuilt: rebuiltRows, live: liveRows } = countingRows(table);
  const run = (text: string) => connection.query({ text });

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
        `INSERT INTO ${name} (${columns}) SELECT ${columnsOf(columns, 'r')} FROM (${rebuiltRows}) AS r
         WHERE NOT EXISTS (SELECT FROM ${name} AS t WHERE ${sameKey(key, 't', 'r')})`,
      );
    },
  };
};
