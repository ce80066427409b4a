import type {
  AuditDirectory,
  EventPlace,
  TheftSearch,
} from '../../../application/auditing/audit-directory.ts';
import { type Position, parseStreamName } from '../../../application/kernel/event-store.ts';
import type { Database, Statement } from '../connection/connection.ts';

type PlaceRow = Readonly<{ stream_id: string; revision: string; position: Position }>;

/** The statements of an audit directory, which depend on the store that holds the log. */
export type AuditStatements = Readonly<{
  households: Statement;
  session: Statement;
  thefts: Statement;
  /** Converts the position before which `thefts` continues to its parameters. */
  placeOf(before: Position | undefined): readonly unknown[];
}>;

const READ_FAMILIES = {
  name: 'list_families_ever',
  text: `SELECT stream_id FROM streams WHERE subject_id = $1 AND stream_id LIKE 'tokenFamily-%'
    ORDER BY stream_id`,
};

const toPlace = ({ stream_id, revision, position }: PlaceRow): EventPlace => ({
  stream: parseStreamName(stream_id),
  revision: BigInt(revision),
  position,
});

const POSITION =
  "lpad(transaction_id::text, 20, '0') || '-' || lpad(global_position::text, 20, '0')";

/** Statements for a log in the same database. */
export const logStatements: AuditStatements = {
  households: {
    name: 'list_households_ever',
    text: `SELECT DISTINCT stream_id FROM events
      WHERE type IN ('HouseholdCreated', 'MemberAdded')
        AND coalesce(data->>'userId', data->>'ownerId') = $1 ORDER BY stream_id`,
  },
  session: {
    name: 'list_events_of_session',
    text: `SELECT stream_id, revision, ${POSITION} AS position FROM events
      WHERE metadata->>'jti' IS NOT NULL AND split_part(metadata->>'jti', '.', 1) = $1
      ORDER BY transaction_id, global_position`,
  },
  thefts: {
    name: 'list_thefts',
    text: `SELECT stream_id, revision, ${POSITION} AS position FROM events
      WHERE type = 'TokenTheftDetected' AND ($1::timestamptz IS NULL OR occurred_at >= $1)
        AND ($3::text IS NULL OR (transaction_id, global_position) < ($3::text::xid8, $4::bigint))
      ORDER BY transaction_id DESC, global_position DESC LIMIT $2`,
  },
  // PostgreSQL would take a transaction id with leading zeros for an octal number.
  placeOf: (before) =>
    before === undefined ? [null, null] : before.split('-').map((part) => String(BigInt(part))),
};

/** Statements for a log in EventStoreDB, by the event index. */
export const indexStatements: AuditStatements = {
  households: {
    name: 'list_indexed_households_ever',
    // The index is updated shortly after the tables.
    text: `SELECT stream_id FROM event_index WHERE member_id = $1
      UNION SELECT 'household-' || household_id FROM household_members WHERE user_id = $1
      ORDER BY stream_id`,
  },
  session: {
    name: 'list_indexed_events_of_session',
    text: `SELECT stream_id, revision, position FROM event_index WHERE session_id = $1
      ORDER BY position`,
  },
  thefts: {
    name: 'list_indexed_thefts',
    text: `SELECT stream_id, revision, position FROM event_index
      WHERE type = 'TokenTheftDetected' AND ($1::timestamptz IS NULL OR occurred_at >= $1)
        AND ($3::text IS NULL OR position < $3) ORDER BY position DESC LIMIT $2`,
  },
  placeOf: (before) => [before ?? null],
};

/** Finds the streams and events of an audit. */
export const createPostgresAuditDirectory = (
  database: Database,
  statements: AuditStatements,
): AuditDirectory => {
  const idsIn = async (statement: Statement, userId: string): Promise<readonly string[]> => {
    const rows = await database.query<{ stream_id: string }>({ ...statement, values: [userId] });
    return rows.map(({ stream_id }) => parseStreamName(stream_id).id);
  };

  return {
    familiesOf: (userId) => idsIn(READ_FAMILIES, userId),
    householdsOf: (userId) => idsIn(statements.households, userId),
    eventsOfSession: async (familyId) => {
      const values = [familyId];
      return (await database.query<PlaceRow>({ ...statements.session, values })).map(toPlace);
    },
    thefts: async ({ since, before, limit }: TheftSearch) => {
      const values = [since ?? null, limit, ...statements.placeOf(before)];
      return (await database.query<PlaceRow>({ ...statements.thefts, values })).map(toPlace);
    },
  };
};
