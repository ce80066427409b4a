import type { TableDeclaration } from '../../application/household-data/table-declaration.ts';
import type { HouseholdDataRelease } from '../../application/ports/household-data-release.ts';
import type { Database } from '../postgres/connection.ts';
import { queryBuilder as knex, runQuery } from '../postgres/knex-query.ts';

const BATCH = 2_000;

/** The role and the household of a request, without asking whether anybody is a member. */
const ENTER = {
  name: 'enter_household_to_release',
  text: `SELECT set_config('latchkey.household_id', $1, true),
    set_config('role', 'latchkey_member', true)`,
};

const memberColumns = ({ fields, columns }: TableDeclaration): readonly string[] =>
  Object.entries(fields).flatMap(([name, { kind }]) =>
    kind === 'member' ? [columns[name] ?? name] : [],
  );

const refersTo = ({ fields }: TableDeclaration, { name }: TableDeclaration): boolean =>
  Object.values(fields).some((field) => field.kind === 'reference' && field.table === name);

/** Rows that refer to others go before those they refer to. */
const dependentsFirst = (tables: readonly TableDeclaration[]): readonly TableDeclaration[] => {
  const isFree = (table: TableDeclaration) =>
    !tables.some((other) => other !== table && refersTo(other, table));
  const next = tables.find(isFree);
  if (next === undefined) return tables;
  return [next, ...dependentsFirst(tables.filter((table) => table !== next))];
};

export const createPostgresHouseholdDataRelease = (
  database: Database,
  tables: readonly TableDeclaration[],
): HouseholdDataRelease => {
  /** Until a batch is not full any more. */
  const inBatches = async (
    householdId: string,
    name: string,
    change: Parameters<typeof runQuery>[2],
  ): Promise<void> => {
    for (let changed = BATCH; changed >= BATCH; ) {
      const rows = await database.transaction(async (connection) => {
        await connection.query({ ...ENTER, values: [householdId] });
        return runQuery(connection, name, change.clone());
      });
      changed = rows.length;
    }
  };

  const batchOf = (table: string, where: Readonly<Record<string, string>>) =>
    knex(table).select('id').where(where).limit(BATCH);

  return {
    ofMember: async (householdId, userId) => {
      for (const table of tables) {
        for (const column of memberColumns(table)) {
          const where = { household_id: householdId, [column]: userId };
          const change = knex(table.name)
            .whereIn('id', batchOf(table.name, where))
            .update({ [column]: null })
            .returning('id');
          await inBatches(householdId, `release_${column}_in_${table.name}`, change);
        }
      }
    },

    ofHousehold: async (householdId) => {
      for (const { name } of dependentsFirst(tables)) {
        const batch = batchOf(name, { household_id: householdId });
        const change = knex(name).whereIn('id', batch).delete().returning('id');
        await inBatches(householdId, `release_rows_of_${name}`, change);
      }
    },
  };
};
