import type {
  FoundColumn,
  FoundConstraint,
  FoundDatabase,
  FoundIndex,
  FoundTable,
  FoundTrigger,
} from '../../application/adopting/found-database.ts';
import type { Queryable } from '../postgres/connection/connection.ts';

type Of<Found> = Found & Readonly<{ table: string }>;

const OURS = 'current_schema()::regnamespace';

const TABLES = `SELECT c.relname AS name, c.relkind AS kind, c.relrowsecurity AS "rowSecurity",
    EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid OR inhparent = c.oid) AS inherits,
    c.relhasrules AS "hasRules"
  FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ${OURS} ORDER BY 1`;

// Not-null constraints are in the catalogue since version 18; before, none is found.
const COLUMNS = `SELECT c.relname AS table, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull", n.conname AS "notNullName",
    a.atthasdef OR a.attidentity <> '' AS "hasDefault", a.attgenerated <> '' AS generated
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
  LEFT JOIN pg_constraint AS n ON n.conrelid = c.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND c.relnamespace = ${OURS}
  ORDER BY c.relname, a.attnum`;

const names = (table: string, keys: string) => `ARRAY(SELECT a.attname::text FROM unnest(${keys})
    WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute AS a
    ON a.attrelid = ${table} AND a.attnum = k.attnum ORDER BY place)`;

const CONSTRAINTS = `SELECT r.relname AS table, c.conname AS name, c.contype AS kind, ${names('c.conrelid', 'c.conkey')} AS columns,
    pg_get_constraintdef(c.oid) AS definition, obj_description(c.oid, 'pg_constraint') AS comment,
    f.relname AS "referencedTable", ${names('c.confrelid', 'c.confkey')} AS "referencedColumns",
    CASE WHEN c.contype IN ('p', 'u') THEN pg_get_indexdef(c.conindid) END AS "indexDefinition",
    coalesce(i.indisclustered, false) AND c.contype IN ('p', 'u') AS clustered,
    EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_rewrite'::regclass
      AND d.refclassid = 'pg_constraint'::regclass AND d.refobjid = c.oid) AS "heldByView"
  FROM pg_constraint AS c JOIN pg_class AS r ON r.oid = c.conrelid
  LEFT JOIN pg_class AS f ON f.oid = c.confrelid
  LEFT JOIN pg_index AS i ON i.indexrelid = c.conindid
  WHERE c.contype IN ('p', 'u', 'f', 'c', 'x') AND c.conparentid = 0 AND r.relnamespace = ${OURS}
  ORDER BY r.relname, c.conname`;

const INDEXES = `SELECT t.relname AS table, c.relname AS name, pg_get_indexdef(c.oid) AS definition,
    i.indisclustered AS clustered, ARRAY(SELECT DISTINCT a.attname::text FROM pg_depend AS d JOIN pg_attribute AS a
      ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid = t.oid
        AND d.refobjsubid > 0 ORDER BY 1) AS columns
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
  WHERE t.relnamespace = ${OURS} AND NOT EXISTS
    (SELECT FROM pg_constraint AS k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY 1, 2`;

const TRIGGERS = `SELECT c.relname AS table, t.tgname AS name, t.tgenabled AS enabled
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace = ${OURS} ORDER BY 1, 2`;

const RELATIONS = `SELECT relname AS name, relkind AS kind, relkind IN ('r', 'p', 'v', 'm', 'f')
    AND EXISTS (SELECT FROM aclexplode(relacl) AS a WHERE a.grantee = 0) AS open FROM pg_class
  WHERE relnamespace = ${OURS} ORDER BY 1`;

const VIEWS = `SELECT DISTINCT v.relname AS name, t.relname AS table
  FROM pg_rewrite AS r JOIN pg_class AS v ON v.oid = r.ev_class
  JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class AS t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')
  WHERE v.relkind IN ('v', 'm') AND t.relnamespace = ${OURS} ORDER BY 1, 2`;

const of = <Found>(found: readonly Of<Found>[], table: string): readonly Found[] =>
  found.filter((one) => one.table === table);

/** Reads the objects of the current schema from the catalogue. */
export const readCatalogue = async (connection: Queryable): Promise<FoundDatabase> => {
  const all = <Row extends object>(text: string) => connection.query<Row>({ text });
  const tables = await all<Omit<FoundTable, 'columns'>>(TABLES);
  const columns = await all<Of<FoundColumn>>(COLUMNS);
  const constraints = await all<Of<FoundConstraint>>(CONSTRAINTS);
  const indexes = await all<Of<FoundIndex>>(INDEXES);
  const triggers = await all<Of<FoundTrigger>>(TRIGGERS);
  return {
    tables: tables.map((table) => ({
      ...table,
      columns: of(columns, table.name),
      constraints: of(constraints, table.name),
      indexes: of(indexes, table.name),
      triggers: of(triggers, table.name),
    })),
    relations: await all(RELATIONS),
    views: await all(VIEWS),
  };
};
