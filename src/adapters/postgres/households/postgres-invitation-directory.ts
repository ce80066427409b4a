import type {
  InvitationAddresses,
  InvitationDirectory,
  InvitationSummary,
} from '../../../application/households/invitation-directory.ts';
import type { Database } from '../connection/connection.ts';

type InvitationRow = Readonly<{
  id: string;
  email: string | null;
  role: InvitationSummary['role'];
  invited_by: string;
  created_at: string;
  expires_at: string;
}>;

const FIND_BY_TOKEN = {
  name: 'find_invitation_by_token',
  text: 'SELECT id, household_id FROM household_invitations WHERE token_hash = $1',
};

const LIST_OPEN = {
  name: 'list_open_invitations',
  text: `SELECT i.id, a.email, i.role, i.invited_by, i.created_at, i.expires_at
    FROM household_invitations AS i LEFT JOIN invitation_addresses AS a ON a.invitation_id = i.id
    WHERE i.household_id = $1 AND i.expires_at > $2 ORDER BY i.created_at DESC, i.id DESC`,
};

/** Reads open invitations from the projected tables. */
export const createPostgresInvitationDirectory = (database: Database): InvitationDirectory => ({
  findByToken: async (tokenHash) => {
    const [row] = await database.query<{ id: string; household_id: string }>({
      ...FIND_BY_TOKEN,
      values: [tokenHash],
    });
    return row && { invitationId: row.id, householdId: row.household_id };
  },

  listOpen: async (householdId, now) => {
    const rows = await database.query<InvitationRow>({ ...LIST_OPEN, values: [householdId, now] });
    return rows.map(({ id, email, role, ...row }) => ({
      id,
      email,
      role,
      invitedBy: row.invited_by,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  },
});

/** Addresses of open invitations, which the log does not hold. */
export type PostgresInvitationAddresses = InvitationAddresses &
  Readonly<{
    /** Deletes addresses whose invitation is no longer open. @returns how many */
    removeSuperfluous(): Promise<number>;
  }>;

/** Keeps invited addresses in the table `invitation_addresses`. */
export const createPostgresInvitationAddresses = (
  database: Database,
): PostgresInvitationAddresses => ({
  remember: async (invitationId, email) => {
    await database.query({
      name: 'remember_invitation_address',
      text: 'INSERT INTO invitation_addresses (invitation_id, email) VALUES ($1, $2)',
      values: [invitationId, email],
    });
  },

  find: async (invitationId) => {
    const [row] = await database.query<{ email: string }>({
      name: 'find_invitation_address',
      text: 'SELECT email FROM invitation_addresses WHERE invitation_id = $1',
      values: [invitationId],
    });
    return row?.email;
  },

  forget: async (invitationIds) => {
    await database.query({
      name: 'forget_invitation_addresses',
      text: 'DELETE FROM invitation_addresses WHERE invitation_id = ANY ($1)',
      values: [invitationIds],
    });
  },

  removeSuperfluous: async () => {
    const rows = await database.query({
      // A new address is stored before its invitation.
      text: `DELETE FROM invitation_addresses AS a WHERE a.created_at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM household_invitations AS i
          WHERE i.id = a.invitation_id AND i.expires_at > now()) RETURNING 1`,
    });
    return rows.length;
  },
});
