import type {
  ImportDirectory,
  KnownKey,
  WantedKey,
} from '../../../application/importing/import-directory.ts';
import type { Database } from '../../postgres/connection/connection.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';

type Dependencies = Readonly<{
  database: Database;
  readRest: EventStoreDbLog['readRest'];
}>;

/** More parallel reads would queue longer than a call may take. */
const AT_ONCE = 16;

type KnownRow = Readonly<{
  kind: WantedKey['kind'];
  value: string;
  user_id: string;
  erased: boolean;
}>;

// Not prepared: a plan made for small tables would stay in use while an import grows them.
const FIND = `
  WITH wanted AS (
    SELECT kind, value FROM jsonb_to_recordset($1::jsonb) AS w (kind text, value text)
  )
  SELECT kind, value, c.user_id, false AS erased FROM wanted JOIN identifier_claims AS c USING (kind, value)
  WHERE (c.expires_at < now() OR c.held_until < now()) IS NOT TRUE
  UNION ALL
  SELECT kind, value, value, s.revision >= 0 AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = value)
  FROM wanted JOIN streams AS s ON s.stream_id = 'user-' || value WHERE kind = 'id'`;

const checksumIn = (data: unknown): string | null => {
  if (typeof data !== 'object' || data === null || !('provenance' in data)) return null;
  const { provenance } = data;
  if (typeof provenance !== 'object' || provenance === null) return null;
  return 'checksum' in provenance ? String(provenance.checksum) : null;
};

/** Finds existing accounts by identifier claims and by the first event of their streams. */
export const createEventStoreDbImportDirectory = ({
  database,
  readRest,
}: Dependencies): ImportDirectory => {
  /** Reads import checksums by user; several keys may find the same user. */
  const readChecksums = async (userIds: readonly string[]) => {
    const waiting = [...new Set(userIds)];
    const checksums = new Map<string, string | null>();
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const [first] = await readRest({ category: 'user', id }, 0n);
        checksums.set(id, checksumIn(first?.event.data));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return checksums;
  };

  return {
    find: async (wanted) => {
      const values = [JSON.stringify(wanted)];
      const rows = await database.query<KnownRow>({ text: FIND, values });
      const checksums = await readChecksums(rows.map(({ user_id: userId }) => userId));
      return rows.map(({ user_id: userId, ...key }): KnownKey => {
        return { ...key, userId, checksum: checksums.get(userId) ?? null };
      });
    },
  };
};
