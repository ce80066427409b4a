const ROLE = 'latchkey_member';

/** The policy, as PostgreSQL writes its expression back. */
const IS_OURS = "(household_id = current_setting('latchkey.household_id'::text, true))";
const POLICY = `$policy$${IS_OURS}$policy$`;

/** Attributes and privileges that the role of requests must not have. */
export const roleProblems = `
  SELECT 'the role ${ROLE} does not exist' AS problem
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLE}')
  UNION ALL SELECT format('%I may not act as ${ROLE}: GRANT ${ROLE} TO %I', current_user, current_user)
    WHERE NOT pg_has_role(to_regrole('${ROLE}'),
      CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END)
  UNION ALL SELECT format('the role ${ROLE} has %s', attribute)
    FROM pg_roles, LATERAL (VALUES
      (rolsuper, 'SUPERUSER'), (rolbypassrls, 'BYPASSRLS'), (rolcanlogin, 'LOGIN'),
      (rolcreaterole, 'CREATEROLE'), (rolcreatedb, 'CREATEDB'), (rolreplication, 'REPLICATION')
    ) AS attributes (has, attribute)
    WHERE rolname = '${ROLE}' AND has
  UNION ALL SELECT format('the role ${ROLE} is a member of %s', roleid::regrole)
    FROM pg_auth_members WHERE member = to_regrole('${ROLE}')
  UNION ALL SELECT format('the role ${ROLE} owns %s', oid::regclass)
    FROM pg_class WHERE relowner = to_regrole('${ROLE}')`;

/** Finds the tables of the names in $1 that do not isolate households. */
export const tableProblems = `
  WITH declared AS (
    SELECT name, to_regclass(quote_ident(name)) AS id FROM unnest($1::text[]) AS name
  ), tables AS (
    SELECT name, c.* FROM declared JOIN pg_class AS c ON c.oid = id
  ), problems AS (
    SELECT name, 'does not exist' AS problem FROM declared WHERE id IS NULL
    UNION ALL SELECT name, 'has no row-level security' FROM tables WHERE NOT relrowsecurity
    UNION ALL SELECT name, 'does not force row-level security on its owner' FROM tables
      WHERE NOT relforcerowsecurity
    UNION ALL SELECT name, 'may have rows without a household' FROM tables AS t
      WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = t.oid
        AND attname = 'household_id' AND attnotnull AND NOT attisdropped)
    UNION ALL SELECT name, 'lacks the policy household_isolation' FROM tables AS t
      WHERE NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.oid
        AND p.polname = 'household_isolation' AND p.polpermissive AND p.polcmd = '*'
        AND p.polroles = '{0}' AND pg_get_expr(p.polqual, t.oid) = ${POLICY}
        AND pg_get_expr(p.polwithcheck, t.oid) = ${POLICY})
    UNION ALL SELECT name, format('has another policy that opens it, %s', p.polname)
      FROM tables AS t JOIN pg_policy AS p ON p.polrelid = t.oid
      WHERE p.polpermissive AND p.polname <> 'household_isolation'
    UNION ALL SELECT name, 'lies in a schema that ${ROLE} may not use' FROM tables
      WHERE NOT has_schema_privilege('${ROLE}', relnamespace, 'USAGE')
    UNION ALL SELECT name, format('does not let ${ROLE} %s', lower(needed))
      FROM tables AS t, unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) AS needed
      WHERE NOT has_table_privilege('${ROLE}', t.oid, needed)
    UNION ALL SELECT name, format('lets ${ROLE} use %s, which no policy restricts', spare)
      FROM tables AS t, unnest('{TRUNCATE,TRIGGER,REFERENCES}'::text[]) AS spare
      WHERE has_table_privilege('${ROLE}', t.oid, spare)
  )
  SELECT name || ' ' || problem AS problem FROM problems ORDER BY 1`;

/**
 * Finds declared columns that do not exist ($2, each of the table at the same place in $1), and
 * unique ones: a violation would reveal that another household has the value.
 */
export const columnProblems = `
  WITH declared AS (
    SELECT name, to_regclass(quote_ident(name)) AS id, field
    FROM unnest($1::text[], $2::text[]) AS columns (name, field)
  ), unique_columns AS (
    SELECT i.indexrelid, i.indrelid, array_agg(a.attname) AS names
    FROM pg_index AS i JOIN pg_depend AS d ON d.objid = i.indexrelid
      AND d.classid = 'pg_class'::regclass AND d.refobjid = i.indrelid
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
    WHERE i.indisunique GROUP BY i.indexrelid, i.indrelid
    UNION ALL SELECT k.conindid, k.conrelid, array_agg(a.attname)
    FROM pg_constraint AS k JOIN pg_attribute AS a
      ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
    WHERE k.contype IN ('u', 'p', 'x') GROUP BY k.conindid, k.conrelid
  )
  SELECT format('%s has no column %s', name, field) AS problem FROM declared
    WHERE id IS NOT NULL AND NOT EXISTS (SELECT FROM pg_attribute
      WHERE attrelid = id AND attname = field AND NOT attisdropped)
  UNION SELECT format('%s reveals by its unique index %s what other households have', name,
      u.indexrelid::regclass)
    FROM declared JOIN unique_columns AS u ON u.indrelid = id AND field = ANY (u.names)
    WHERE field NOT IN ('id', 'household_id') AND NOT 'household_id' = ANY (u.names)
  ORDER BY 1`;

/**
 * Finds other tables that the role can use without the policy; tables of extensions are ignored.
 */
export const otherProblems = `
  SELECT format('${ROLE} may use %s, which has no policy household_isolation', c.oid::regclass) AS problem
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM unnest($1::text[]) AS name
      WHERE to_regclass(quote_ident(name)) = c.oid)
    AND NOT EXISTS (SELECT FROM pg_depend AS d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    AND has_schema_privilege('${ROLE}', n.oid, 'USAGE')
    AND (has_table_privilege('${ROLE}', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
      OR has_any_column_privilege('${ROLE}', c.oid, 'SELECT, INSERT, UPDATE'))
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity
      AND NOT has_table_privilege('${ROLE}', c.oid, 'TRUNCATE')
      AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polpermissive
        AND (pg_get_expr(p.polqual, c.oid) IS DISTINCT FROM ${POLICY}
          OR pg_get_expr(p.polwithcheck, c.oid) IS DISTINCT FROM ${POLICY})))
  ORDER BY 1`;
