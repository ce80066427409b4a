import type { StreamId } from '../../application/ports/event-store.ts';
import type { IdentifierRegistry } from '../../application/ports/identifier-registry.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { Database } from '../postgres/connection.ts';

type Dependencies = Readonly<{
  database: Database;
  registry: IdentifierRegistry;
  /** Projects what is missing of a stream, if anything is. @throws when that cannot be done now */
  settle: (stream: StreamId) => Promise<boolean>;
}>;

const FIND_CLAIMANTS = {
  name: 'find_other_claimants',
  text: `SELECT DISTINCT c.user_id FROM identifier_claims AS c
    JOIN jsonb_to_recordset($1::jsonb) AS wanted (kind text, value text) USING (kind, value)
    WHERE c.user_id <> $2 AND c.expires_at IS NOT NULL`,
};

const EXPIRE = {
  name: 'expire_identifier_claims',
  text: `UPDATE identifier_claims AS held SET expires_at = now() - interval '1 second'
    FROM jsonb_to_recordset($1::jsonb) AS given_back (kind text, value text)
    WHERE held.kind = given_back.kind AND held.value = given_back.value
      AND held.user_id = $2 AND held.expires_at IS NOT NULL`,
};

const toRows = (identifiers: readonly SignInIdentifier[]): string =>
  JSON.stringify(identifiers.map(({ kind, value }) => ({ kind, value })));

/**
 * Where the log lives elsewhere, an event may be stored whose claim the tables do not show confirmed:
 * nobody takes over a claim before the stream of whoever made it was asked. So a claim that is given
 * back only expires, and keeps its name.
 */
export const createSettledIdentifierRegistry = ({
  database,
  registry,
  settle,
}: Dependencies): IdentifierRegistry => ({
  claim: async (identifiers, userId) => {
    const values = [toRows(identifiers), userId];
    const others = await database.query<{ user_id: string }>({ ...FIND_CLAIMANTS, values });
    for (const { user_id: id } of others) await settle({ category: 'user', id });
    await registry.claim(identifiers, userId);
  },
  release: async (identifiers, userId) => {
    await database.query({ ...EXPIRE, values: [toRows(identifiers), userId] });
  },
});
