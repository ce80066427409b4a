import type pg from 'pg';

/** A database that must not be migrated in its present state; the message says what to do. */
export class ForeignDatabase extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ForeignDatabase';
  }
}

/** The state of an adoption; `phase` is null when there never was one. */
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

/** Checks that migrations may run here, before they change anything. @throws ForeignDatabase */
export const requireOurs = async (client: pg.Client): Promise<void> => {
  const { phase } = await readAdoption(client);
  if (phase === 'preparing') {
    throw new ForeignDatabase('The adoption of this database is not complete: run latchkey adopt.');
  }
  const { rows } = await client.query<{ found: boolean }>(FOREIGN_USERS);
  if (phase === null && rows[0]?.found === true) {
    throw new ForeignDatabase(
      "This database has a table users that is not Latchkey's: adopt it with latchkey adopt, or use another database.",
    );
  }
};

/**
 * Checks that migrations may be reverted: an adoption has a rollback of its own. @throws
 * ForeignDatabase
 */
export const requireNotAdopted = async (client: pg.Client): Promise<void> => {
  const { phase } = await readAdoption(client);
  if (phase === null) return;
  throw new ForeignDatabase(
    'This database was adopted: its migrations cannot be reverted. Until latchkey adopt finish, latchkey adopt rollback undoes the adoption.',
  );
};
