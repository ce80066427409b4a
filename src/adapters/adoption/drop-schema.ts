import type { AdoptionPlan } from '../../application/adopting/adoption-plan.ts';
import { ourFunctions, ourTables, ourUserColumns } from '../../application/adopting/our-names.ts';
import { quoted, quotedList } from './sql-names.ts';
import { alter } from './table-changes.ts';

/** Declared tables that migrations made, as the application had none of the name. */
export const newDeclaredTables = (
  { tables }: Pick<AdoptionPlan, 'tables'>,
  declared: readonly string[],
): readonly string[] => declared.filter((name) => !tables.some(({ table }) => table === name));

/** Takes away what migrations made, with whoever has signed up since. */
export const dropSchema = (plan: AdoptionPlan, declared: readonly string[]): readonly string[] => {
  const columns = ourUserColumns.filter((name) => name !== 'id');
  const tables = [...ourTables, ...newDeclaredTables(plan, declared)];
  return [
    alter('users', 'DROP CONSTRAINT IF EXISTS users_household_id_fkey'),
    `DROP TABLE IF EXISTS ${quotedList(tables)}`,
    ...ourFunctions.map((name) => `DROP FUNCTION IF EXISTS ${name}()`),
    'DELETE FROM users WHERE latchkey_ordinal IS NULL',
    'SET CONSTRAINTS ALL IMMEDIATE',
    // It is computed from another one of them.
    alter('users', 'DROP COLUMN IF EXISTS is_admin'),
    alter('users', columns.map((name) => `DROP COLUMN IF EXISTS ${quoted(name)}`).join(', ')),
  ];
};

/** The last of it. The role stays where another database of the server needs it. */
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
