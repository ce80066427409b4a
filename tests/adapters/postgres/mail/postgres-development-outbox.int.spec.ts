import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createPostgresDevelopmentOutbox,
  type DevelopmentOutbox,
} from '../../../../src/adapters/postgres/mail/postgres-development-outbox.ts';
import { aMail } from '../../../support/mail/mail-fixtures.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

let database: OpenDatabase;
let outbox: DevelopmentOutbox;

beforeAll(async () => {
  database = await openTestDatabase();
  outbox = createPostgresDevelopmentOutbox({
    database,
    render: ({ id, locale, content }) => ({
      subject: `${content.kind} ${id}`,
      text: `${locale} text`,
      html: `<p lang="${locale}">`,
    }),
  });
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql('TRUNCATE development_mails');
});

const subjects = async () => (await outbox.list()).map(({ subject }) => subject);

describe('an outbox', () => {
  it('is empty at first', async () => {
    expect(await outbox.list()).toStrictEqual([]);
  });

  it('keeps a mail as it was rendered', async () => {
    await outbox.send(aMail({ id: 'one', locale: 'de' }));
    expect(await outbox.list()).toStrictEqual([
      {
        to: 'ann@example.com',
        subject: 'email_verification one',
        text: 'de text',
        html: '<p lang="de">',
        sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ]);
  });

  it('lists mails oldest first', async () => {
    for (const id of ['b', 'a', 'c']) await outbox.send(aMail({ id }));
    expect(await subjects()).toStrictEqual([
      'email_verification b',
      'email_verification a',
      'email_verification c',
    ]);
  });

  it('keeps a mail once, however often it is sent', async () => {
    await outbox.send(aMail({ id: 'one' }));
    const before = await outbox.list();
    await outbox.send(aMail({ id: 'one', locale: 'de' }));
    expect(await outbox.list()).toStrictEqual(before);
  });

  it('keeps a mail once when it is sent twice at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => outbox.send(aMail({ id: 'one' }))));
    expect(await subjects()).toStrictEqual(['email_verification one']);
  });
});

describe('an outbox that is full', () => {
  beforeEach(() =>
    database.sql(`INSERT INTO development_mails (mail_id, recipient, subject, body_text, body_html)
      SELECT n, 'ann@example.com', 'old ' || n, '', '' FROM generate_series(1, 499) AS n`),
  );

  it('drops the oldest mail for each new one', async () => {
    await outbox.send(aMail({ id: 'a' }));
    expect(await subjects()).toHaveLength(500);
    expect((await subjects()).at(0)).toBe('old 1');
    await outbox.send(aMail({ id: 'b' }));
    await outbox.send(aMail({ id: 'c' }));
    expect(await subjects()).toHaveLength(500);
    expect((await subjects()).at(0)).toBe('old 3');
    expect((await subjects()).slice(-2)).toStrictEqual([
      'email_verification b',
      'email_verification c',
    ]);
  });

  it('drops none for a mail that it has already', async () => {
    await outbox.send(aMail({ id: 'a' }));
    await outbox.send(aMail({ id: 'a' }));
    expect((await subjects()).at(0)).toBe('old 1');
  });
});
