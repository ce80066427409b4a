import { ourTables } from '../../application/adopting/our-names.ts';
import type { PersonalTraces } from '../../application/ports/personal-traces.ts';
import type { Database } from './connection.ts';

type Reference = Readonly<{ table: string; column: string }>;

/** Foreign keys on `users` that neither cascade nor empty themselves: the application's own. */
const READ_REFERENCES = `SELECT c.conrelid::regclass::text AS "table", quote_ident(a.attname) AS "column"
  FROM pg_constraint AS c
  JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass AND c.confdeltype IN ('a', 'r')
    AND c.conparentid = 0 AND NOT c.conrelid::regclass::text = ANY ($1)
  ORDER BY 1, 2`;

const FORGET_INVITED = {
  name: 'forget_invited_addresses',
  text: 'DELETE FROM invitation_addresses WHERE email = ANY ($1)',
};

const FORGET_RECIPIENTS = {
  name: 'forget_recipients',
  text: 'DELETE FROM development_mails WHERE recipient = ANY ($1)',
};

export const createPostgresPersonalTraces = (database: Database): PersonalTraces => {
  const holds = async ({ table, column }: Reference, userId: string): Promise<boolean> => {
    // Both names come from the catalogue, quoted where they have to be.
    const [row] = await database.query<{ found: boolean }>({
      text: `SELECT EXISTS (SELECT FROM ${table} WHERE ${column}::text = $1) AS found`,
      values: [userId],
    });
    return row?.found === true;
  };

  return {
    holders: async (userId) => {
      const values = [[...ourTables]];
      const references = await database.query<Reference>({ text: READ_REFERENCES, values });
      const tables: string[] = [];
      for (const reference of references) {
        if (await holds(reference, userId)) tables.push(reference.table);
      }
      return [...new Set(tables)];
    },

    forget: async (addresses) => {
      await database.query({ ...FORGET_INVITED, values: [addresses] });
      await database.query({ ...FORGET_RECIPIENTS, values: [addresses] });
    },
  };
};
