import type { Mail, Mailer } from '../../../application/mail/mailer.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Database } from '../connection/connection.ts';

type RenderedMail = Readonly<{ subject: string; text: string; html: string }>;

/** A mail that nobody sent. */
export type DevelopmentMail = RenderedMail & Readonly<{ to: string; sentAt: Instant }>;

export type DevelopmentOutbox = Mailer &
  Readonly<{
    /** The newest last. */
    list(): Promise<readonly DevelopmentMail[]>;
  }>;

type Options = Readonly<{ database: Database; render: (mail: Mail) => RenderedMail }>;

const KEPT = 500;

/** The new one is not in the snapshot that the old ones are counted in. */
const KEEP = {
  name: 'keep_development_mail',
  text: `WITH added AS (
      INSERT INTO development_mails (mail_id, recipient, subject, body_text, body_html)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mail_id) DO NOTHING RETURNING 1
    )
    DELETE FROM development_mails WHERE EXISTS (SELECT FROM added) AND id <= (
      SELECT id FROM development_mails ORDER BY id DESC OFFSET $6::integer - 1 LIMIT 1
    )`,
};

const LIST = {
  name: 'list_development_mails',
  text: `SELECT recipient AS "to", subject, body_text AS text, body_html AS html, sent_at AS "sentAt"
    FROM development_mails ORDER BY id`,
};

/** For developers: mails are kept to be read, and nothing is ever sent. */
export const createPostgresDevelopmentOutbox = ({
  database,
  render,
}: Options): DevelopmentOutbox => ({
  send: async (mail) => {
    const { subject, text, html } = render(mail);
    await database.query({ ...KEEP, values: [mail.id, mail.to, subject, text, html, KEPT] });
  },
  list: () => database.query<DevelopmentMail>(LIST),
});
