import type { SessionDirectory } from '../../../application/sessions/session-directory.ts';
import type { Database } from '../connection/connection.ts';
import { queryBuilder as knex, runQuery } from '../connection/knex-query.ts';

type SessionRow = Readonly<{
  id: string;
  device_name: string | null;
  ip: string | null;
  user_agent: string | null;
  created_at: string;
  last_used_at: string;
  expires_at: string;
}>;

/** Reads sessions from the projected tables. */
export const createKnexSessionDirectory = (database: Database): SessionDirectory => ({
  listLive: async (userId, now) => {
    const query = knex('sessions')
      .select('id', 'device_name', 'ip', 'user_agent', 'created_at', 'last_used_at', 'expires_at')
      .where({ user_id: userId })
      .whereNull('revoked_at')
      .where('expires_at', '>', now)
      .orderBy('last_used_at', 'desc')
      .orderBy('id');
    const rows = await runQuery<SessionRow>(database, 'list_live_sessions', query);
    return rows.map((row) => ({
      id: row.id,
      deviceName: row.device_name,
      ip: row.ip,
      userAgent: row.user_agent,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      expiresAt: row.expires_at,
    }));
  },

  unrevokedFamilyIds: async (userId) => {
    const query = knex('sessions').select('id').where({ user_id: userId }).whereNull('revoked_at');
    const rows = await runQuery<{ id: string }>(database, 'list_unrevoked_sessions', query);
    return rows.map(({ id }) => id);
  },

  listActiveIn: async (householdId, userId) => {
    const query = knex('sessions')
      .select('id', 'user_id')
      .where({ household_id: householdId })
      .whereNull('revoked_at');
    if (userId !== undefined) query.andWhere({ user_id: userId });
    const name = userId === undefined ? 'list_sessions_in' : 'list_sessions_of_user_in';
    const rows = await runQuery<{ id: string; user_id: string }>(database, name, query);
    return rows.map(({ id, user_id }) => ({ familyId: id, userId: user_id }));
  },

  ownerOf: async (familyId) => {
    const query = knex('sessions').select('user_id').where({ id: familyId });
    const [row] = await runQuery<{ user_id: string }>(database, 'find_session_owner', query);
    return row?.user_id;
  },
});
