import type { Queryable } from '../../../src/adapters/postgres/connection/connection.ts';

const HISTORY = 'latchkey_migrations';

/** The objects of a schema, one line each, without the history of migrations. */
const DESCRIPTION = `
  SELECT format('relation %s %s %s', relname, relkind, reloptions) AS line
    FROM pg_class WHERE relnamespace = $1::text::regnamespace
  UNION ALL SELECT format('column %s.%s %s null:%s default:%s generated:%s', a.attrelid::regclass,
      a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid), a.attgenerated)
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = $1::text::regnamespace
  UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = $1::text
  UNION ALL SELECT format('row security %s forced:%s', relname, relforcerowsecurity)
    FROM pg_class WHERE relrowsecurity AND relnamespace = $1::text::regnamespace
  UNION ALL SELECT format('policy %s', to_jsonb(p)) FROM pg_policies AS p WHERE schemaname = $1::text
  UNION ALL SELECT format('grant %s %s %s', relname, a.privilege_type, a.grantee::regrole)
    FROM pg_class, aclexplode(relacl) AS a
    WHERE a.grantee NOT IN (0, relowner) AND relnamespace = $1::text::regnamespace
  UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = $1::text::regnamespace
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger AS t
    JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT tgisinternal AND c.relnamespace = $1::text::regnamespace
  UNION ALL SELECT 'function ' || pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = $1::text::regnamespace
  UNION ALL SELECT format('sequence %s %s owner:%s.%s', s.seqrelid::regclass, s.seqtypid::regtype,
      d.refobjid::regclass, d.refobjsubid)
    FROM pg_sequence AS s JOIN pg_class AS c ON c.oid = s.seqrelid
    LEFT JOIN pg_depend AS d ON d.objid = s.seqrelid AND d.deptype = 'a'
    WHERE c.relnamespace = $1::text::regnamespace`;

export const describeSchema = async (
  database: Queryable,
  schema = 'public',
): Promise<readonly string[]> => {
  const rows = await database.query<{ line: string }>({
    text: `SELECT line FROM (${DESCRIPTION}) AS lines WHERE line !~ '${HISTORY}' ORDER BY line`,
    values: [schema],
  });
  return rows.map(({ line }) => line);
};

export const schemaNames = async (database: Queryable): Promise<readonly string[]> => {
  const rows = await database.query<{ schema_name: string }>({
    text: `SELECT nspname AS schema_name FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`,
  });
  return rows.map(({ schema_name }) => schema_name);
};

/** Every row of a table, byte for byte as the server writes it. */
export const dumpRows = async (
  database: Queryable,
  table: string,
  columns: readonly string[] = ['dumped.*'],
): Promise<readonly string[]> => {
  const rows = await database.query<{ row: string }>({
    text: `SELECT ROW(${columns})::text AS row FROM ${table} AS dumped ORDER BY 1`,
  });
  return rows.map(({ row }) => row);
};
