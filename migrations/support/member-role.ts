import type { Knex } from 'knex';

/** The role of requests for household-scoped rows: it owns no objects and cannot log in. */
export const MEMBER_ROLE = 'latchkey_member';

const currentSchema = async (knex: Knex): Promise<string> => {
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>(
    'SELECT current_schema AS schema',
  );
  return rows[0]?.schema ?? 'public';
};

/**
 * Creates the role unless it exists. Databases of a server share roles, so another one may create
 * or drop it at the same time. Once it has a grant on a schema here, it cannot be dropped.
 */
export const ensureMemberRole = async (knex: Knex): Promise<void> => {
  await knex.raw(
    `DO $$
    DECLARE
      modern CONSTANT boolean := current_setting('server_version_num')::integer >= 160000;
    BEGIN
      FOR attempt IN 1..20 LOOP
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${MEMBER_ROLE}') THEN
            CREATE ROLE ${MEMBER_ROLE} NOLOGIN NOINHERIT;
          END IF;
          IF NOT pg_has_role('${MEMBER_ROLE}', CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END) THEN
            EXECUTE 'GRANT ${MEMBER_ROLE} TO CURRENT_USER'
              || CASE WHEN modern THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
          END IF;
          GRANT USAGE ON SCHEMA ?? TO ${MEMBER_ROLE};
          RETURN;
        EXCEPTION
          WHEN duplicate_object OR unique_violation OR undefined_object OR internal_error THEN
            PERFORM pg_sleep(0.05);
          WHEN insufficient_privilege THEN
            RAISE insufficient_privilege USING MESSAGE = format(
              'an administrator has to run once: CREATE ROLE ${MEMBER_ROLE} NOLOGIN; GRANT ${MEMBER_ROLE} TO %I',
              current_user);
        END;
      END LOOP;
      RAISE EXCEPTION 'the role ${MEMBER_ROLE} is made and dropped all the time';
    END $$`,
    [await currentSchema(knex)],
  );
};

/** Drops the role, unless another database of the server needs it or another role created it. */
export const dropMemberRole = async (knex: Knex): Promise<void> => {
  await knex.raw(
    `DO $$ BEGIN
      REVOKE ALL ON SCHEMA ?? FROM ${MEMBER_ROLE};
      BEGIN
        DROP ROLE ${MEMBER_ROLE};
      EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN NULL;
      END;
    EXCEPTION WHEN undefined_object THEN NULL;
    END $$`,
    [await currentSchema(knex)],
  );
};
