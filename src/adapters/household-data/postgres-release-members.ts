import type { ReleaseMembers } from '../../application/household-data/release-members.ts';
import type { TableDeclaration } from '../../application/household-data/table-declaration.ts';
import type { Database } from '../postgres/connection/connection.ts';
import { queryBuilder as knex } from '../postgres/connection/knex-query.ts';
import { runUnprepared } from '../postgres/connection/unprepared-query.ts';

const BATCH = 2_000;
/**
 * Rows that are left to the foreign key, in the transaction that ends the membership: a third of a
 * second.
 */
const LEFT_TO_THE_KEY = 5_000;

/** Sets the role and the household of a request without checking a membership. */
const ENTER = {
  name: 'enter_household_to_release',
  text: `SELECT set_config('latchkey.household_id', $1, true),
    set_config('role', 'latchkey_member', true)`,
};

const memberColumns = ({ fields, columns }: TableDeclaration): readonly string[] =>
  Object.entries(fields).flatMap(([name, { kind }]) =>
    kind === 'member' ? [columns[name] ?? name] : [],
  );

/** Empties references to a former member in batches, before the membership ends. */
export const createPostgresReleaseMembers = (
  database: Database,
  tables: readonly TableDeclaration[],
): ReleaseMembers => {
  /** @returns the number of changed rows */
  const releaseBatch = (
    table: string,
    column: string,
    householdId: string,
    userId: string | undefined,
  ): Promise<number> =>
    database.transaction(async (connection) => {
      await connection.query({ ...ENTER, values: [householdId] });
      const named = knex(table).select('id').where({ household_id: householdId });
      if (userId === undefined) named.whereNotNull(column);
      else named.andWhere({ [column]: userId });
      const beyond = named.offset(LEFT_TO_THE_KEY).limit(BATCH);
      const change = knex(table)
        .whereIn('id', beyond)
        .update({ [column]: null })
        .returning('id');
      return (await runUnprepared(connection, change)).length;
    });

  return async (householdId, userId) => {
    for (const table of tables) {
      for (const column of memberColumns(table)) {
        let changed = BATCH;
        while (changed === BATCH) {
          changed = await releaseBatch(table.name, column, householdId, userId);
        }
      }
    }
  };
};
