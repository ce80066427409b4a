import type { Mail, Mailer } from '../../../application/mail/mailer.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Database } from '../connection/connection.ts';

type RenderedMail = Readonly<{ subject: string; text: string; html: string }>;

/** A mail that was kept instead of sent. */
export type DevelopmentMail = RenderedMail & Readonly<{ to: string; sentAt: Instant }>;

/** A mailer that keeps mails for developers. */
export type DevelopmentOutbox = Mailer &
  Readonly<{
    /** Lists the kept mails, oldest first. */
    list(): Promise<readonly DevelopmentMail[]>;
  }>;

type Options = Readonly<{ database: Database; render: (mail: Mail) => RenderedMail }>;

const KEPT = 500;

/** The new mail is not in the snapshot in which the old ones are counted. */
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

/** Keeps the latest mails for developers to read; it sends none. */
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
