import type {
  IdentifierClaim,
  IdentifierClaims,
} from '../../../application/identity/identifier-claims.ts';
import type { StreamId } from '../../../application/kernel/event-store.ts';
import type { Database } from '../../postgres/connection/connection.ts';

type Dependencies = Readonly<{
  database: Database;
  claims: Pick<IdentifierClaims, 'claim'>;
  /** Projects the missing events of a stream. @throws when that is impossible now */
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
 * Claims identifiers while the log is in EventStoreDB, where an event may be stored whose claim the
 * tables do not show as confirmed yet. Before a claim passes to another user, the tables catch up
 * with the stream of the user who made it. A released claim therefore expires instead of being
 * deleted.
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
