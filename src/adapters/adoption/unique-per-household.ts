import type { TablePlan } from '../../application/adopting/adoption-plan.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { runAll, takeStep } from './adoption-step.ts';
import { takeIndex } from './recreate-constraints.ts';
import { literal, quoted } from './sql-names.ts';
import { alter } from './table-changes.ts';

/** A unique index. `constraint`: the definition of its constraint, if it has one. */
type Unique = Readonly<{
  name: string;
  index: string;
  constraint: string | null;
  comment: string | null;
  /** Whether it is on old columns, which get no new values. */
  legacy: boolean;
}>;

// Indexes with the household, and generated ids, reveal nothing of other households.
const UNIQUES = `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS index,
    pg_get_constraintdef(k.oid) AS constraint,
    coalesce(obj_description(k.oid, 'pg_constraint'), obj_description(c.oid, 'pg_class')) AS comment,
    u.columns && $2::text[] AS legacy
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
  LEFT JOIN pg_constraint AS k ON k.conindid = c.oid AND k.contype = 'u',
  LATERAL (SELECT array_agg(DISTINCT a.attname::text) AS columns FROM pg_depend AS d
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
    WHERE d.classid IN ('pg_class'::regclass, 'pg_constraint'::regclass)
      AND d.objid IN (c.oid, k.oid) AND d.refobjid = i.indrelid AND d.refobjsubid > 0) AS u
  WHERE i.indrelid = $1::regclass AND i.indisunique AND NOT i.indisprimary
    AND NOT u.columns @> '{household_id}' AND u.columns <> '{id}' ORDER BY 1`;

const readUniques = (
  connection: Queryable,
  { table }: TablePlan,
  legacy: readonly string[],
): Promise<readonly Unique[]> =>
  connection.query<Unique>({ text: UNIQUES, values: [quoted(table), legacy] });

const temporaryName = (name: string): string => `latchkey_${name}`.slice(0, 63);

const perHousehold = ({ name, index }: Unique): string =>
  index
    .replace(
      /^CREATE UNIQUE INDEX .+? ON /,
      `CREATE UNIQUE INDEX ${quoted(temporaryName(name))} ON `,
    )
    .replace(' USING btree (', ' USING btree (household_id, ');

const DEFERRAL = /( DEFERRABLE| INITIALLY DEFERRED| NOT DEFERRABLE)+$/;

const drop = (table: string, { name, constraint }: Unique): string =>
  constraint === null
    ? `DROP INDEX ${quoted(name)}`
    : alter(table, `DROP CONSTRAINT ${quoted(name)}`);

const restore = (
  table: string,
  { name, index, constraint, comment }: Unique,
): readonly string[] => {
  const what = constraint === null ? 'INDEX' : 'CONSTRAINT';
  const on = constraint === null ? '' : ` ON ${quoted(table)}`;
  return [
    constraint === null ? index : alter(table, `ADD CONSTRAINT ${quoted(name)} ${constraint}`),
    ...(comment === null ? [] : [`COMMENT ON ${what} ${quoted(name)}${on} IS ${literal(comment)}`]),
  ];
};

const replace = (table: string, unique: Unique): readonly string[] => {
  const { name, constraint, legacy } = unique;
  if (legacy) return [drop(table, unique)];
  const deferral = DEFERRAL.exec(constraint ?? '')?.[0] ?? '';
  return [
    drop(table, unique),
    `ALTER INDEX ${quoted(temporaryName(name))} RENAME TO ${quoted(name)}`,
    ...(constraint === null
      ? []
      : [
          alter(
            table,
            `ADD CONSTRAINT ${quoted(name)} UNIQUE USING INDEX ${quoted(name)}${deferral}`,
          ),
        ]),
  ];
};

/**
 * Makes unique indexes unique per household, so that a violation reveals nothing of other
 * households.
 */
export const makeUniquePerHousehold = async (
  connection: Queryable,
  plan: TablePlan,
  legacy: readonly string[],
): Promise<void> => {
  const { table } = plan;
  for (const unique of await readUniques(connection, plan, legacy)) {
    if (unique.legacy) continue;
    await takeIndex(connection, table, temporaryName(unique.name), perHousehold(unique));
  }
  await takeStep(connection, `${table}: unique per household`, async () => {
    const uniques = await readUniques(connection, plan, legacy);
    await runAll(
      connection,
      uniques.flatMap((unique) => replace(table, unique)),
    );
    const ours = uniques.filter((unique) => !unique.legacy);
    return [
      ...ours.map((unique) => drop(table, unique)),
      ...uniques.flatMap((one) => restore(table, one)),
    ];
  });
};
