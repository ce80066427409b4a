import type { Knex } from 'knex';

/** The role that requests for household-scoped rows run as: it owns nothing and logs in nowhere. */
export const MEMBER_ROLE = 'latchkey_member';

const currentSchema = async (knex: Knex): Promise<string> => {
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>(
    'SELECT current_schema AS schema',
  );
  return rows[0]?.schema ?? 'public';
};

/**
 * Roles belong to all databases of a server, so another one may be making or dropping this one at
 * the same time. Once a schema is granted here, nobody can drop it any more.
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

/** Leaves it where another database of the server needs it, or somebody else made it. */
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
