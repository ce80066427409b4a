import type { Queryable } from '../postgres/connection/connection.ts';
import { quoted } from './sql-names.ts';

export type Sequence = Readonly<{ name: string; lastValue: string; isCalled: boolean }>;

/** Reads the sequences of the table's defaults and their current values. */
export const sequencesOf = async (
  connection: Queryable,
  table: string,
): Promise<readonly Sequence[]> => {
  const found = await connection.query<{ name: string }>({
    text: `SELECT DISTINCT s.oid::regclass::text AS name FROM pg_class AS s
      JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.objid = s.oid AND d.deptype IN ('a', 'i')
      WHERE s.relkind = 'S' AND d.refobjid = $1::regclass
      UNION SELECT s.oid::regclass::text FROM pg_class AS s
      JOIN pg_depend AS d ON d.classid = 'pg_attrdef'::regclass
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid
      JOIN pg_attrdef AS a ON a.oid = d.objid
      WHERE s.relkind = 'S' AND a.adrelid = $1::regclass ORDER BY 1`,
    values: [quoted(table)],
  });
  const sequences: Sequence[] = [];
  for (const { name } of found) {
    const [state] = await connection.query<Omit<Sequence, 'name'>>({
      text: `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${name}`,
    });
    if (state !== undefined) sequences.push({ name, ...state });
  }
  return sequences;
};
