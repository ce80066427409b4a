import type { AdoptionPlan } from '../../application/adopting/adoption-plan.ts';
import { ourFunctions, ourTables, ourUserColumns } from '../../application/adopting/our-names.ts';
import { quoted, quotedList } from './sql-names.ts';
import { alter } from './table-changes.ts';

/** Declared tables that migrations created, as the application had no table of that name. */
export const newDeclaredTables = (
  { tables }: Pick<AdoptionPlan, 'tables'>,
  declared: readonly string[],
): readonly string[] => declared.filter((name) => !tables.some(({ table }) => table === name));

/** Drops what the migrations created, and the users who have signed up since. */
export const dropSchema = (plan: AdoptionPlan, declared: readonly string[]): readonly string[] => {
  const columns = ourUserColumns.filter((name) => name !== 'id');
  const tables = [...ourTables, ...newDeclaredTables(plan, declared)];
  return [
    alter('users', 'DROP CONSTRAINT IF EXISTS users_household_id_fkey'),
    `DROP TABLE IF EXISTS ${quotedList(tables)}`,
    ...ourFunctions.map((name) => `DROP FUNCTION IF EXISTS ${name}()`),
    'DELETE FROM users WHERE latchkey_ordinal IS NULL',
    'SET CONSTRAINTS ALL IMMEDIATE',
    // Dropped first, as it is computed from another column.
    alter('users', 'DROP COLUMN IF EXISTS is_admin'),
    alter('users', columns.map((name) => `DROP COLUMN IF EXISTS ${quoted(name)}`).join(', ')),
  ];
};

/** Drops the journal, and the role unless another database of the server needs it. */
export const dropJournal = (): readonly string[] => [
  'DROP SCHEMA latchkey_adoption CASCADE',
  'DROP SCHEMA IF EXISTS latchkey_parked CASCADE',
  `DO $$ BEGIN
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM latchkey_member', current_schema());
    BEGIN
      DROP ROLE latchkey_member;
    EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN NULL;
    END;
  EXCEPTION WHEN undefined_object THEN NULL;
  END $$`,
];
