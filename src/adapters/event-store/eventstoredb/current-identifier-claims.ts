import type {
  IdentifierClaim,
  IdentifierClaims,
} from '../../../application/identity/identifier-claims.ts';
import type { StreamId } from '../../../application/kernel/event-store.ts';
import type { Database } from '../../postgres/connection/connection.ts';

type Dependencies = Readonly<{
  database: Database;
  claims: Pick<IdentifierClaims, 'claim'>;
  /** Projects what is missing of a stream, if anything is. @throws when that cannot be done now */
  catchUpIfBehind: (stream: StreamId) => Promise<boolean>;
}>;

const FIND_CLAIMANTS = {
  name: 'find_other_claimants',
  text: `SELECT DISTINCT held.user_id FROM identifier_claims AS held
    JOIN jsonb_to_recordset($1::jsonb) AS wanted (kind text, value text, user_id text)
    USING (kind, value) WHERE held.user_id <> wanted.user_id AND held.expires_at IS NOT NULL`,
};

const EXPIRE = {
  name: 'expire_identifier_claims',
  text: `UPDATE identifier_claims AS held SET expires_at = now() - interval '1 second'
    FROM jsonb_to_recordset($1::jsonb) AS given_back (kind text, value text, user_id text)
    WHERE held.kind = given_back.kind AND held.value = given_back.value
      AND held.user_id = given_back.user_id AND held.expires_at IS NOT NULL`,
};

const toRows = (claims: readonly IdentifierClaim[]): string =>
  JSON.stringify(claims.map(({ kind, value, userId }) => ({ kind, value, user_id: userId })));

/**
 * Where the log lives elsewhere, an event may be stored whose claim the tables do not show
 * confirmed: nobody takes over a claim before the stream of whoever made it was asked. So a claim
 * that is given back only expires, and keeps its name.
 */
export const createCurrentIdentifierClaims = ({
  database,
  claims,
  catchUpIfBehind,
}: Dependencies): IdentifierClaims => ({
  claim: async (wanted) => {
    const others = await database.query<{ user_id: string }>({
      ...FIND_CLAIMANTS,
      values: [toRows(wanted)],
    });
    for (const { user_id: id } of others) await catchUpIfBehind({ category: 'user', id });
    return claims.claim(wanted);
  },
  release: async (given) => {
    await database.query({ ...EXPIRE, values: [toRows(given)] });
  },
});
