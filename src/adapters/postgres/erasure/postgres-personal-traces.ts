import { ourTables } from '../../../application/adopting/our-names.ts';
import type { PersonalTraces } from '../../../application/erasure/personal-traces.ts';
import { type Database, errorCode } from '../connection/connection.ts';

/** Foreign keys to `users` that neither cascade nor set null: those of the application. */
const READ_REFERENCES = `SELECT FROM pg_constraint
  WHERE contype = 'f' AND confrelid = 'users'::regclass AND confdeltype IN ('a', 'r')
    AND NOT conrelid::regclass::text = ANY ($1) LIMIT 1`;

/** The row changes of an erasure that foreign keys of other tables could prevent. */
const TRY = [
  `DELETE FROM households AS h WHERE owner_id = $1 AND NOT EXISTS (
    SELECT FROM household_members AS m WHERE m.household_id = h.id AND m.user_id <> $1)`,
  `UPDATE households AS h SET owner_id = (SELECT min(user_id) FROM household_members AS m
    WHERE m.household_id = h.id AND m.user_id <> $1) WHERE owner_id = $1`,
  'DELETE FROM users WHERE id = $1',
];

const FOREIGN_KEY_VIOLATION = '23503';

/** Rolls back a trial that succeeded. */
class Tried extends Error {}

const FORGET_INVITED = {
  name: 'forget_invited_addresses',
  text: 'DELETE FROM invitation_addresses WHERE email = ANY ($1)',
};

const FORGET_RECIPIENTS = {
  name: 'forget_recipients',
  text: 'DELETE FROM development_mails WHERE recipient = ANY ($1)',
};

/** Finds references to a user that prevent an erasure, and deletes addresses outside the log. */
export const createPostgresPersonalTraces = (database: Database): PersonalTraces => {
  /** Tries the deletion: a query could not see references behind row-level security. */
  const isGoneWithout = (userId: string): Promise<never> =>
    database.transaction(async (connection) => {
      for (const text of TRY) await connection.query({ text, values: [userId] });
      await connection.query({ text: 'SET CONSTRAINTS ALL IMMEDIATE' });
      throw new Tried();
    });

  return {
    isReferenced: async (userId) => {
      const values = [[...ourTables]];
      if ((await database.query({ text: READ_REFERENCES, values })).length === 0) return false;
      try {
        return await isGoneWithout(userId);
      } catch (error) {
        if (error instanceof Tried) return false;
        if (errorCode(error) === FOREIGN_KEY_VIOLATION) return true;
        throw error;
      }
    },

    forget: async (addresses) => {
      await database.query({ ...FORGET_INVITED, values: [addresses] });
      await database.query({ ...FORGET_RECIPIENTS, values: [addresses] });
    },
  };
};
