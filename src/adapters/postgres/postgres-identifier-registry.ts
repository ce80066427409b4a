import { ApplicationError } from '../../application/errors.ts';
import type { IdentifierRegistry } from '../../application/ports/identifier-registry.ts';
import type { Database } from './connection.ts';

/** How long a claim may wait for its event: hashing and a full queue included. */
const CLAIM_SECONDS = 120;

/**
 * Takes what is free, expired, or the user's own already, which stays confirmed if it was; rows in
 * one order, so that claims cannot deadlock.
 */
const CLAIM = {
  name: 'claim_identifiers',
  text: `INSERT INTO identifier_claims AS held (kind, value, user_id, expires_at)
    SELECT kind, value, $2, now() + make_interval(secs => $3)
    FROM jsonb_to_recordset($1::jsonb) AS wanted (kind text, value text) ORDER BY kind, value
    ON CONFLICT (kind, value) DO UPDATE SET user_id = excluded.user_id,
      expires_at = CASE WHEN held.expires_at IS NULL THEN NULL ELSE excluded.expires_at END
    WHERE held.expires_at < now() OR held.user_id = excluded.user_id
    RETURNING 1`,
};

const RELEASE = {
  name: 'release_identifiers',
  text: `DELETE FROM identifier_claims AS held
    USING jsonb_to_recordset($1::jsonb) AS given_back (kind text, value text)
    WHERE held.kind = given_back.kind AND held.value = given_back.value
      AND held.user_id = $2 AND held.expires_at IS NOT NULL`,
};

export const createPostgresIdentifierRegistry = (database: Database): IdentifierRegistry => {
  const release: IdentifierRegistry['release'] = async (identifiers, userId) => {
    await database.query({ ...RELEASE, values: [JSON.stringify(identifiers), userId] });
  };
  return {
    release,
    claim: async (identifiers, userId) => {
      const values = [JSON.stringify(identifiers), userId, CLAIM_SECONDS];
      const claimed = await database.query({ ...CLAIM, values });
      if (claimed.length === identifiers.length) return;
      await release(identifiers, userId);
      throw new ApplicationError('identifier_taken');
    },
  };
};
