import { type Database, errorCode, type Queryable } from '../postgres/connection/connection.ts';

// Rows that do not comply, a deadlock with requests, tables of another owner.
const FOR_LATER = /^(23503|40P01|42501)$/;

type Unchecked = Readonly<{ table: string; name: string; forced: readonly string[] }>;

const check = async (connection: Queryable, { table, name, forced }: Unchecked): Promise<void> => {
  const alter = (each: string, action: string) =>
    connection.query({ text: `ALTER TABLE ${each} ${action}` });
  // Under a forced policy the owner sees no row, so that every constraint would pass.
  for (const each of forced) await alter(each, 'NO FORCE ROW LEVEL SECURITY');
  await alter(table, `VALIDATE CONSTRAINT ${name}`);
  for (const each of forced) await alter(each, 'FORCE ROW LEVEL SECURITY');
};

/**
 * Validates foreign keys that a rollback recreated before the rows that they refer to were rebuilt.
 * One that cannot be validated yet is skipped: it is enforced for new rows anyway.
 */
export const createLateReferences = (database: Database) => async (): Promise<void> => {
  const unchecked = await database.query<Unchecked>({
    text: `SELECT k.conrelid::regclass::text AS table, quote_ident(k.conname) AS name,
        ARRAY(SELECT oid::regclass::text FROM pg_class
          WHERE oid IN (k.conrelid, k.confrelid) AND relforcerowsecurity) AS forced
      FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid AND c.relrowsecurity
      WHERE k.contype = 'f' AND NOT k.convalidated
      AND k.connamespace = current_schema::regnamespace ORDER BY 1, 2`,
  });
  for (const reference of unchecked) {
    try {
      await database.transaction((connection) => check(connection, reference));
    } catch (error) {
      if (!FOR_LATER.test(errorCode(error))) throw error;
    }
  }
};
