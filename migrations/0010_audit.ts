import type { Knex } from 'knex';

/** Indexes by which an audit finds events, and revocations that outlive an erased user. */
export const up = (knex: Knex): Promise<void> =>
  knex.raw(`
    -- Events by the session whose access token caused them; refreshes and sign-ins have none.
    CREATE INDEX events_session_index ON events ((split_part(metadata->>'jti', '.', 1)))
      WHERE metadata->>'jti' IS NOT NULL;
    -- Memberships that ever began, by user.
    CREATE INDEX events_member_index ON events ((coalesce(data->>'userId', data->>'ownerId')))
      WHERE type IN ('HouseholdCreated', 'MemberAdded');
    CREATE INDEX events_theft_index ON events (transaction_id, global_position)
      WHERE type = 'TokenTheftDetected';

    -- The same columns for a log in EventStoreDB.
    ALTER TABLE event_index ADD COLUMN session_id text, ADD COLUMN member_id text;
    CREATE INDEX event_index_session_id_index ON event_index (session_id, position)
      WHERE session_id IS NOT NULL;
    CREATE INDEX event_index_member_id_index ON event_index (member_id) WHERE member_id IS NOT NULL;
    CREATE INDEX event_index_theft_index ON event_index (position) WHERE type = 'TokenTheftDetected';

    -- Access tokens of an erased user are refused until they expire.
    ALTER TABLE revoked_tokens DROP CONSTRAINT revoked_tokens_user_id_fkey;
  `);

export const down = async (knex: Knex): Promise<void> => {
  const { rows } = await knex.raw<{ rows: { home: string }[] }>('SELECT home FROM event_log');
  if (rows[0]?.home === 'eventstoredb') {
    throw new Error('the event log is in EventStoreDB: move it back with latchkey events copy');
  }
  await knex.raw(`
    DELETE FROM revoked_tokens AS r WHERE NOT EXISTS (SELECT FROM users AS u WHERE u.id = r.user_id);
    ALTER TABLE revoked_tokens ADD CONSTRAINT revoked_tokens_user_id_fkey FOREIGN KEY (user_id)
      REFERENCES users (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    DROP INDEX event_index_theft_index, event_index_member_id_index, event_index_session_id_index;
    ALTER TABLE event_index DROP COLUMN member_id, DROP COLUMN session_id;
    DROP INDEX events_theft_index, events_member_index, events_session_index;
  `);
};
