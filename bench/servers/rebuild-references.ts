import { createPostgresRebuildSource } from '../../src/adapters/event-store/postgres/postgres-rebuild-source.ts';
import type { Session } from '../../src/adapters/postgres/connection/connection.ts';
import { toCopyText } from '../../src/adapters/postgres/connection/copy-text.ts';
import { projectEvent } from '../../src/application/projections/project-event.ts';
import { projectedTables } from '../../src/application/projections/projected-tables.ts';
import { createTableFold } from '../../src/application/projections/table-fold.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import type { System } from '../../src/server/open-system.ts';

const EVENTS = `COPY (SELECT transaction_id, global_position, stream_id, revision, event_id, type,
  schema_version, data, metadata->>'subject' FROM events ORDER BY transaction_id, global_position) TO STDOUT`;

const createCopies = (connection: Session) =>
  connection.query({
    text: projectedTables
      .map(({ name }) => `CREATE TEMPORARY TABLE copy_of_${name} AS SELECT * FROM ${name} LIMIT 0`)
      .join(';'),
  });

/** Copies the log out, and the rows out and in again, without processing them. */
export const copyRows = ({ get }: System): Promise<void> =>
  get(tokens.database).session(async (connection) => {
    await createCopies(connection);
    for await (const _ of connection.copyOut(EVENTS));
    for (const { name, columns } of projectedTables) {
      const text: string[] = [];
      for await (const chunk of connection.copyOut(`COPY ${name} (${columns}) TO STDOUT`)) {
        text.push(chunk);
      }
      await connection.copyIn(`COPY copy_of_${name} (${columns}) FROM STDIN`, text);
    }
  });

/**
 * Copies the log out, decrypts and folds it in memory without limit, and copies all rows in,
 * without comparison.
 */
export const copyAndFold = ({ get }: System): Promise<void> =>
  get(tokens.database).session(async (connection) => {
    await createCopies(connection);
    const source = await createPostgresRebuildSource({
      database: get(tokens.database),
      codec: get(tokens.codec),
      log: get(tokens.postgresEventStore),
    })(connection, false);
    const folds = new Map(projectedTables.map(({ name }) => [name, createTableFold(name)]));
    await source.readAll(async (events) => {
      for (const event of events) {
        for (const change of projectEvent(event)) folds.get(change.table)?.apply(change);
      }
    });
    for (const { name, columns } of projectedTables) {
      const rows = folds.get(name)?.rows() ?? [];
      const text = `COPY copy_of_${name} (${columns}) FROM STDIN`;
      await connection.copyIn(text, toCopyText(rows, columns));
    }
  });

const FAMILIES = `SELECT stream_id, revision, type, data,
    substr(stream_id, 13) AS family, data->>'userId' AS user_id
  FROM events WHERE stream_id LIKE 'tokenFamily-%'`;

/** Builds the tables by SQL alone, which cannot decrypt: encrypted values stay as they are. */
const SET_BASED: readonly string[] = [
  `CREATE TEMPORARY TABLE set_users AS
    SELECT DISTINCT ON (e.stream_id) substr(e.stream_id, 6) AS id, e.data->'username' AS username,
      coalesce(m.data, e.data)->'email' AS email, v.occurred_at AS email_verified_at,
      e.data->'passwordHash' AS password_hash, coalesce(n.data, e.data)->'displayName' AS display_name,
      e.data->>'householdId' AS household_id, e.data->>'role' AS role, e.data->>'tier' AS tier,
      e.data->>'locale' AS locale, (e.data->>'registeredAt')::timestamptz AS created_at
    FROM events AS e
    LEFT JOIN events AS v ON v.stream_id = e.stream_id AND v.type = 'EmailVerified'
    LEFT JOIN events AS m ON m.stream_id = e.stream_id AND m.type = 'EmailChanged'
    LEFT JOIN events AS n ON n.stream_id = e.stream_id AND n.type = 'DisplayNameChanged'
    WHERE e.type = 'UserRegistered'
    ORDER BY e.stream_id, m.revision DESC NULLS LAST, n.revision DESC NULLS LAST`,
  `CREATE TEMPORARY TABLE set_households AS
    SELECT substr(stream_id, 11) AS id, data->'name' AS name, data->>'ownerId' AS owner_id,
      (data->>'createdAt')::timestamptz AS created_at
    FROM events WHERE type = 'HouseholdCreated'`,
  `CREATE TEMPORARY TABLE set_household_members AS
    SELECT substr(stream_id, 11) AS household_id, coalesce(data->>'ownerId', data->>'userId') AS user_id,
      coalesce(data->>'role', 'owner') AS role, occurred_at AS joined_at
    FROM events WHERE type IN ('HouseholdCreated', 'MemberAdded')`,
  `CREATE TEMPORARY TABLE set_identifier_claims AS
    SELECT c.kind, c.value, substr(stream_id, 6) AS user_id, c.held_until
    FROM events, LATERAL (VALUES
      ('email', data->'email', NULL::timestamptz), ('username', data->'username', NULL),
      ('email', data->'previous', (data->>'previousHeldUntil')::timestamptz)) AS c (kind, value, held_until)
    WHERE type IN ('UserRegistered', 'EmailChanged') AND c.value IS NOT NULL`,
  `CREATE TEMPORARY TABLE set_sessions AS
    WITH f AS (${FAMILIES})
    SELECT DISTINCT ON (s.stream_id) s.family::uuid AS id, s.user_id, s.data->>'householdId' AS household_id,
      s.data->'deviceName' AS device_name, l.data->'holder' AS holder,
      (s.data->>'startedAt')::timestamptz AS created_at,
      coalesce(l.data->>'rotatedAt', s.data->>'startedAt')::timestamptz AS last_used_at,
      (l.data->>'expiresAt')::timestamptz AS expires_at,
      (r.data->>'revokedAt')::timestamptz AS revoked_at, r.data->>'reason' AS revoked_reason
    FROM f AS s
    JOIN f AS l ON l.stream_id = s.stream_id AND l.type <> 'TokenFamilyRevoked'
    LEFT JOIN f AS r ON r.stream_id = s.stream_id AND r.type = 'TokenFamilyRevoked'
    WHERE s.type = 'TokenFamilyStarted' ORDER BY s.stream_id, l.revision DESC`,
  `CREATE TEMPORARY TABLE set_refresh_tokens AS
    WITH f AS (${FAMILIES})
    SELECT t.family || '.' || coalesce(t.data->>'generation', '0') AS id, t.user_id,
      t.data->>'householdId' AS household_id, t.data->'refreshToken'->>'tokenHash' AS token_hash,
      t.family::uuid AS token_family, coalesce((t.data->>'generation')::integer, 0) AS generation,
      coalesce(t.data->>'rotatedAt', t.data->>'startedAt')::timestamptz AS issued_at,
      (t.data->>'expiresAt')::timestamptz AS expires_at,
      lead((t.data->>'rotatedAt')::timestamptz) OVER (PARTITION BY t.stream_id ORDER BY t.revision) AS rotated_at,
      (r.data->>'revokedAt')::timestamptz AS revoked_at, r.data->>'reason' AS revoked_reason
    FROM f AS t LEFT JOIN f AS r ON r.stream_id = t.stream_id AND r.type = 'TokenFamilyRevoked'
    WHERE t.type <> 'TokenFamilyRevoked'`,
  `CREATE TEMPORARY TABLE set_revoked_tokens AS
    WITH f AS (${FAMILIES})
    SELECT family || '.' || n AS jti, user_id, (data->>'revokedAt')::timestamptz AS revoked_at,
      (s->>'expiresAt')::timestamptz AS expires_at
    FROM f, jsonb_array_elements(data->'accessTokens') AS s,
      generate_series((s->>'first')::integer, (s->>'last')::integer) AS n
    WHERE type = 'TokenFamilyRevoked'`,
  `CREATE TEMPORARY TABLE set_tokens AS
    SELECT substr(stream_id, 6) AS user_id, 'email_change_undo' AS type,
      (data->'undo'->>'number')::integer AS number, data->'undo'->'token'->>'tokenHash' AS token_hash
    FROM events WHERE type = 'EmailChanged'`,
];

/** Runs the set-based statements. */
export const foldInSql = ({ get }: System): Promise<void> =>
  get(tokens.database).session(async (connection) => {
    for (const text of SET_BASED) await connection.query({ text });
  });
