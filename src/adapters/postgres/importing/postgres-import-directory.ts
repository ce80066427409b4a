import type {
  ImportDirectory,
  KnownKey,
  WantedKey,
} from '../../../application/importing/import-directory.ts';
import type { Database } from '../connection/connection.ts';

type KnownRow = Readonly<{
  kind: WantedKey['kind'];
  value: string;
  user_id: string;
  checksum: string | null;
  erased: boolean;
}>;

// Not prepared: a plan made for small tables would stay in use while an import grows them.
const FIND = `
  WITH wanted AS (
    SELECT kind, value FROM jsonb_to_recordset($1::jsonb) AS w (kind text, value text)
  ), taken AS (
    SELECT kind, value, c.user_id, false AS by_stream
    FROM wanted JOIN identifier_claims AS c USING (kind, value)
    WHERE (c.expires_at < now() OR c.held_until < now()) IS NOT TRUE
    UNION ALL
    SELECT kind, value, value, true FROM wanted WHERE kind = 'id'
  )
  SELECT t.kind, t.value, t.user_id, e.data #>> '{provenance,checksum}' AS checksum,
    t.by_stream AND EXISTS (SELECT FROM events AS x
      WHERE x.stream_id = 'user-' || t.user_id AND x.type = 'UserErased') AS erased
  FROM taken AS t LEFT JOIN events AS e
    ON e.stream_id = 'user-' || t.user_id AND e.revision = 0
  WHERE NOT t.by_stream OR e.stream_id IS NOT NULL`;

const toKnownKey = ({ user_id: userId, ...row }: KnownRow): KnownKey => ({ ...row, userId });

/** Finds existing accounts by identifier claims and by the first event of their streams. */
export const createPostgresImportDirectory = (database: Database): ImportDirectory => ({
  find: async (wanted) => {
    const values = [JSON.stringify(wanted)];
    return (await database.query<KnownRow>({ text: FIND, values })).map(toKnownKey);
  },
});
