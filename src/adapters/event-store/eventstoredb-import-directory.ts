import type {
  ImportDirectory,
  KnownKey,
  WantedKey,
} from '../../application/ports/import-directory.ts';
import type { Database } from '../postgres/connection.ts';
import type { EventStoreDbClient } from './eventstoredb-client.ts';

type Dependencies = Readonly<{
  database: Database;
  readEvent: EventStoreDbClient['readEvent'];
}>;

type KnownRow = Readonly<{ kind: WantedKey['kind']; value: string; user_id: string }>;

// Not prepared: the tables may grow a thousandfold while a plan made for small ones lived on.
const FIND = `
  WITH wanted AS (
    SELECT kind, value FROM jsonb_to_recordset($1::jsonb) AS w (kind text, value text)
  )
  SELECT kind, value, c.user_id FROM wanted JOIN identifier_claims AS c USING (kind, value)
  WHERE (c.expires_at < now() OR c.held_until < now()) IS NOT TRUE
  UNION ALL
  SELECT kind, value, value FROM wanted
  WHERE kind = 'id' AND EXISTS (SELECT FROM streams WHERE stream_id = 'user-' || value)`;

const checksumIn = (data: unknown): string | null => {
  if (typeof data !== 'object' || data === null || !('provenance' in data)) return null;
  const { provenance } = data;
  if (typeof provenance !== 'object' || provenance === null) return null;
  return 'checksum' in provenance ? String(provenance.checksum) : null;
};

/** Looks at claims, and at how streams begin. */
export const createEventStoreDbImportDirectory = ({
  database,
  readEvent,
}: Dependencies): ImportDirectory => {
  const complete = async ({ user_id: userId, ...key }: KnownRow): Promise<KnownKey> => {
    const first = await readEvent(`user-${userId}`, 0n);
    return { ...key, userId, checksum: checksumIn(first?.data) };
  };
  return {
    find: async (wanted) => {
      const values = [JSON.stringify(wanted)];
      const rows = await database.query<KnownRow>({ text: FIND, values });
      return Promise.all(rows.map(complete));
    },
  };
};
