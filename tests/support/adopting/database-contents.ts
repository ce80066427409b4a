import type { Queryable } from '../../../src/adapters/postgres/connection/connection.ts';

const OURS = `relnamespace IN (SELECT oid FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')`;

// Missing privileges and default privileges are the same, also for pg_dump.
const RIGHTS =
  "coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner))";

/**
 * Every object that pg_dump reads, one line each; a column's place is its rank among existing ones.
 */
const OBJECTS = `
  SELECT format('schema %s %s', nspname, coalesce(nspacl, acldefault('n', nspowner))) AS line FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  UNION ALL SELECT format('relation %s kind:%s owner:%s acl:%s options:%s rls:%s,%s replica:%s persistence:%s %s',
      oid::regclass, relkind, relowner::regrole, ${RIGHTS}, reloptions, relrowsecurity,
      relforcerowsecurity, relreplident, relpersistence, obj_description(oid, 'pg_class'))
    FROM pg_class WHERE ${OURS}
  UNION ALL SELECT format(
      'column %s.%s place:%s %s null:%s default:%s generated:%s identity:%s collation:%s storage:%s statistics:%s compression:%s acl:%s %s',
      a.attrelid::regclass, a.attname,
      row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum),
      format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
      a.attgenerated, a.attidentity, a.attcollation::regcollation, a.attstorage,
      nullif(a.attstattarget, -1), a.attcompression, a.attacl, col_description(a.attrelid, a.attnum))
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v', 'm', 'p', 'c')
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND ${OURS}
  UNION ALL SELECT format('index %s clustered:%s replica:%s valid:%s %s', pg_get_indexdef(indexrelid),
      indisclustered, indisreplident, indisvalid, obj_description(indexrelid, 'pg_class'))
    FROM pg_index JOIN pg_class AS c ON c.oid = indrelid WHERE ${OURS}
  UNION ALL SELECT format('constraint %s %s %s validated:%s %s', conrelid::regclass, conname,
      pg_get_constraintdef(k.oid), convalidated, obj_description(k.oid, 'pg_constraint'))
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = conrelid WHERE ${OURS}
  UNION ALL SELECT format('trigger %s enabled:%s', pg_get_triggerdef(t.oid), tgenabled)
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid WHERE NOT tgisinternal AND ${OURS}
  UNION ALL SELECT format('rule %s enabled:%s', pg_get_ruledef(r.oid), ev_enabled)
    FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = ev_class WHERE ${OURS}
  UNION ALL SELECT format('policy %s on %s for %s to %s using %s check %s permissive:%s', polname,
      polrelid::regclass, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),
      pg_get_expr(polwithcheck, polrelid), polpermissive) FROM pg_policy
  UNION ALL SELECT format('function %s acl:%s owner:%s', pg_get_functiondef(oid), coalesce(proacl, acldefault('f', proowner)), proowner::regrole)
    FROM pg_proc WHERE pronamespace IN (SELECT relnamespace FROM pg_class WHERE ${OURS})
      OR pronamespace = 'public'::regnamespace
  UNION ALL SELECT format('type %s %s %s %s', t.oid::regtype, typtype,
      (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
      obj_description(t.oid, 'pg_type'))
    FROM pg_type AS t WHERE typtype IN ('e', 'd', 'r') AND typnamespace = 'public'::regnamespace
  UNION ALL SELECT format('sequence %s of %s.%s: %s', s.seqrelid::regclass, d.refobjid::regclass,
      (SELECT attname FROM pg_attribute WHERE attrelid = d.refobjid AND attnum = d.refobjsubid),
      to_jsonb(s) - 'seqrelid')
    FROM pg_sequence AS s
    LEFT JOIN pg_depend AS d ON d.objid = s.seqrelid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  UNION ALL SELECT format('extension %s', extname) FROM pg_extension
  UNION ALL SELECT format('default privileges %s', to_jsonb(a) - 'oid') FROM pg_default_acl AS a`;

type Relation = Readonly<{ name: string; kind: string }>;

const contentsOf = async (database: Queryable, { name, kind }: Relation) => {
  // Rows in their physical order, as pg_dump writes them.
  const text =
    kind === 'S'
      ? `SELECT ROW(last_value, is_called)::text AS row FROM ${name}`
      : `SELECT dumped::text AS row FROM ONLY ${name} AS dumped ORDER BY dumped.ctid`;
  const rows = await database.query<{ row: string }>({ text });
  return rows.map(({ row }) => `${name} ${row}`);
};

/**
 * The contents of a database as pg_dump would write it: every object by its definition, every
 * sequence's value, every row in its physical order. Works without pg_dump, for every server
 * version.
 */
export const describeDatabase = async (database: Queryable): Promise<readonly string[]> => {
  const objects = await database.query<{ line: string }>({
    text: `SELECT line FROM (${OBJECTS}) AS objects ORDER BY line COLLATE "C"`,
  });
  const relations = await database.query<Relation>({
    text: `SELECT oid::regclass::text AS name, relkind AS kind FROM pg_class
      WHERE relkind IN ('r', 'S') AND ${OURS} ORDER BY 1`,
  });
  const lines = objects.map(({ line }) => line);
  for (const relation of relations) lines.push(...(await contentsOf(database, relation)));
  return lines;
};
