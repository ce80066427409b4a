import type {
  IdentifierClaim,
  IdentifierClaims,
} from '../../../application/identity/identifier-claims.ts';
import type { Database } from '../connection/connection.ts';

/** How long a claim waits for its event, including hashing and a full queue. */
const CLAIM_SECONDS = 120;

/**
 * Claims identifiers that are free, expired, no longer held, or the user's own; the latter stay
 * confirmed or held. Rows are locked in one order, so that claims cannot deadlock.
 */
const CLAIM = {
  name: 'claim_identifiers',
  text: `INSERT INTO identifier_claims AS held (kind, value, user_id, expires_at)
    SELECT kind, value, user_id, now() + make_interval(secs => $2)
    FROM jsonb_to_recordset($1::jsonb) AS wanted (kind text, value text, user_id text)
    ORDER BY kind, value
    ON CONFLICT (kind, value) DO UPDATE SET user_id = excluded.user_id,
      expires_at = CASE WHEN held.user_id = excluded.user_id AND held.expires_at IS NULL
        THEN NULL ELSE excluded.expires_at END,
      held_until = CASE WHEN held.user_id = excluded.user_id THEN held.held_until END
    WHERE held.expires_at < now() OR held.held_until < now() OR held.user_id = excluded.user_id
    RETURNING kind, value, user_id`,
};

const RELEASE = {
  name: 'release_identifiers',
  text: `DELETE FROM identifier_claims AS held
    USING jsonb_to_recordset($1::jsonb) AS given_back (kind text, value text, user_id text)
    WHERE held.kind = given_back.kind AND held.value = given_back.value
      AND held.user_id = given_back.user_id AND held.expires_at IS NOT NULL`,
};

type ClaimRow = Readonly<{ kind: IdentifierClaim['kind']; value: string; user_id: string }>;

const toRows = (claims: readonly IdentifierClaim[]): string =>
  JSON.stringify(claims.map(({ kind, value, userId }) => ({ kind, value, user_id: userId })));

/** Claims identifiers in the table `identifier_claims`. */
export const createPostgresIdentifierClaims = (database: Database): IdentifierClaims => ({
  claim: async (wanted) => {
    const values = [toRows(wanted), CLAIM_SECONDS];
    const rows = await database.query<ClaimRow>({ ...CLAIM, values });
    return rows.map(({ kind, value, user_id }) => ({ kind, value, userId: user_id }));
  },
  release: async (claims) => {
    await database.query({ ...RELEASE, values: [toRows(claims)] });
  },
});
