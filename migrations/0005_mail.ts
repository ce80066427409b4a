import type { Knex } from 'knex';
import { park, unpark } from './support/park-table.ts';

const TABLES = ['policy_checkpoints', 'mail_queue', 'development_mails'] as const;

/** The state of mails. These tables are no projections, so a rollback must not lose them. */
export const up = async (knex: Knex): Promise<void> => {
  if (await unpark(knex, TABLES)) return;
  await knex.raw(`
    CREATE TABLE policy_checkpoints (
      policy text PRIMARY KEY,
      -- The last event of the log that the policy has processed.
      position text NOT NULL,
      updated_at timestamptz NOT NULL
    );
    -- Events from before the policy existed cause no mail.
    INSERT INTO policy_checkpoints
      SELECT 'mail', lpad(transaction_id::text, 20, '0') || '-' || lpad(global_position::text, 20, '0'),
             now()
      FROM events ORDER BY transaction_id DESC, global_position DESC LIMIT 1;

    -- Mails not sent yet. Personal data and tokens are not stored: both follow from the event.
    CREATE TABLE mail_queue (
      event_id uuid PRIMARY KEY,
      stream_id text NOT NULL,
      queued_at timestamptz NOT NULL DEFAULT now(),
      attempts integer NOT NULL DEFAULT 0,
      next_attempt_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX mail_queue_next_attempt_at_index ON mail_queue (next_attempt_at);

    -- Mails that are kept for a developer instead of sent.
    CREATE TABLE development_mails (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      mail_id text NOT NULL UNIQUE,
      recipient text NOT NULL,
      subject text NOT NULL,
      body_text text NOT NULL,
      body_html text NOT NULL,
      sent_at timestamptz NOT NULL DEFAULT now()
    );
  `);
};

export const down = (knex: Knex): Promise<void> => park(knex, TABLES);
