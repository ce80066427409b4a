import type pg from 'pg';

/** A database that is not to be migrated as it is; the message says what to do. */
export class ForeignDatabase extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ForeignDatabase';
  }
}

/** `phase` null: no adoption ever was. `adopted_to`: the last migration of its time. */
type Adoption = Readonly<{ phase: string | null }>;

const FOREIGN_USERS = `SELECT to_regclass(quote_ident(current_schema()) || '.users') IS NOT NULL
    AND to_regclass(quote_ident(current_schema()) || '.latchkey_migrations') IS NULL AS found`;

const readAdoption = async (client: pg.Client): Promise<Adoption> => {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('latchkey_adoption.state') IS NOT NULL AS found`,
  );
  if (rows[0]?.found !== true) return { phase: null };
  const { rows: states } = await client.query<Adoption>(
    'SELECT phase FROM latchkey_adoption.state',
  );
  return states[0] ?? { phase: 'preparing' };
};

/** Looks before anything is changed. @throws ForeignDatabase */
export const requireOurs = async (client: pg.Client): Promise<void> => {
  const { phase } = await readAdoption(client);
  if (phase === 'preparing') {
    throw new ForeignDatabase('The adoption of this database is not complete: run latchkey adopt.');
  }
  const { rows } = await client.query<{ found: boolean }>(FOREIGN_USERS);
  if (phase === null && rows[0]?.found === true) {
    throw new ForeignDatabase(
      "This database has a table users that is not Latchkey's: bring it under Latchkey with latchkey adopt, or use another database.",
    );
  }
};

/** What an adoption has added to tables that are somebody's goes by its own way back. @throws ForeignDatabase */
export const requireNotAdopted = async (client: pg.Client): Promise<void> => {
  const { phase } = await readAdoption(client);
  if (phase === null) return;
  throw new ForeignDatabase(
    'This database was adopted: migrations are not taken back. Until latchkey adopt finish, latchkey adopt rollback gives it back.',
  );
};
