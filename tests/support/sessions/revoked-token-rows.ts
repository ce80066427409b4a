import type { Queryable } from '../../../src/adapters/postgres/connection/connection.ts';

export const OWNER = 'user_owner';

/** Stores a user whose tokens can be revoked. */
export const insertOwner = async (database: Queryable): Promise<void> => {
  await database.query({
    text: `INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
      VALUES ($1, 'user', 'free', true, now(), now())`,
    values: [OWNER],
  });
};

/** Inserts rows like the projection of a revocation. */
export const insertRevokedToken = async (
  database: Queryable,
  jti: string,
  expiresIn = '10 minutes',
): Promise<void> => {
  await database.query({
    text: `INSERT INTO revoked_tokens (jti, user_id, revoked_at, expires_at)
      VALUES ($1, $2, now(), now() + $3::interval)`,
    values: [jti, OWNER, expiresIn],
  });
};
