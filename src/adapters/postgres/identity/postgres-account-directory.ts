import type { Account, AccountDirectory } from '../../../application/identity/account-directory.ts';
import type { Database } from '../connection/connection.ts';
import { defaultHousehold } from './default-household-join.ts';
import { type PrincipalRow, principalColumns, toPrincipal } from './principal-row.ts';
import { type ProfileRow, profileColumns, toProfile } from './profile-row.ts';

type AccountRow = PrincipalRow &
  ProfileRow &
  Readonly<{ password_hash: string | null; locked_until: string | null }>;

const COLUMNS = `${principalColumns}, ${profileColumns}, u.password_hash, u.locked_until`;

const FIND_BY_IDENTIFIER = {
  name: 'find_account_by_identifier',
  text: `SELECT ${COLUMNS} FROM identifier_claims AS c JOIN users AS u ON u.id = c.user_id ${defaultHousehold}
    WHERE c.kind = $1 AND c.value = $2 AND c.expires_at IS NULL
      AND c.held_until IS NULL`,
};

const FIND_BY_ID = {
  name: 'find_account_by_id',
  text: `SELECT ${COLUMNS} FROM users AS u ${defaultHousehold} WHERE u.id = $1`,
};

const FIND_PRINCIPAL = {
  name: 'find_principal',
  text: `SELECT ${principalColumns} FROM users AS u
    LEFT JOIN household_members AS m ON m.household_id = $2 AND m.user_id = u.id WHERE u.id = $1`,
};

const FIND_ADDRESS_HOLDER = {
  name: 'find_address_holder',
  text: `SELECT u.id, u.locale FROM identifier_claims AS c JOIN users AS u ON u.id = c.user_id
    WHERE c.kind = 'email' AND c.value = $1 AND c.expires_at IS NULL
      AND (c.held_until IS NULL OR c.held_until > now())`,
};

const FIND_LATEST_PENDING = {
  name: 'find_latest_pending_account',
  text: `SELECT id FROM users WHERE pending_email = $1 AND is_active
    ORDER BY created_at DESC, id DESC LIMIT 2`,
};

const FIND_OTHER_ADMIN = {
  name: 'find_other_active_admin',
  // An administrator who cannot sign in does not count.
  text: `SELECT 1 FROM users WHERE is_admin AND is_active AND password_hash IS NOT NULL
    AND pending_email IS NULL AND id <> $1 LIMIT 1`,
};

const toAccount = (row: AccountRow | undefined): Account | undefined =>
  row && {
    ...toPrincipal(row),
    passwordHash: row.password_hash,
    lockedUntil: row.locked_until,
    profile: toProfile(row),
  };

/** Reads accounts from the projected tables, which are never behind a log in the same database. */
export const createPostgresAccountDirectory = (database: Database): AccountDirectory => ({
  findByIdentifier: async ({ kind, value }) => {
    const [row] = await database.query<AccountRow>({
      ...FIND_BY_IDENTIFIER,
      values: [kind, value],
    });
    return toAccount(row);
  },
  findAddressHolder: async (email) => {
    const [row] = await database.query<{ id: string; locale: string }>({
      ...FIND_ADDRESS_HOLDER,
      values: [email],
    });
    return row && { userId: row.id, locale: row.locale };
  },
  findById: async (userId) => {
    const [row] = await database.query<AccountRow>({ ...FIND_BY_ID, values: [userId] });
    return toAccount(row);
  },
  findPrincipal: async (userId, householdId) => {
    const values = [userId, householdId];
    const [row] = await database.query<PrincipalRow>({ ...FIND_PRINCIPAL, values });
    return row && toPrincipal(row);
  },
  findLatestPending: async (email) => {
    const rows = await database.query<{ id: string }>({ ...FIND_LATEST_PENDING, values: [email] });
    const [latest] = rows;
    return latest && { userId: latest.id, contested: rows.length > 1 };
  },
  hasOtherActiveAdmin: async (userId) => {
    const rows = await database.query({ ...FIND_OTHER_ADMIN, values: [userId] });
    return rows.length > 0;
  },
});
