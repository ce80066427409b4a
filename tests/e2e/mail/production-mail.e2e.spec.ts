import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import { type SmtpInbox, startSmtpInbox } from '../../support/mail/smtp-inbox.ts';
import { createHttpClient, PASSWORD } from '../../support/servers/http-client.ts';
import {
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

describe('when production has no mail server yet', () => {
  let testDatabase: TestDatabase;
  let environment: Record<string, string>;
  let server: ServerProcess | undefined;
  let inbox: SmtpInbox | undefined;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    environment = {
      LATCHKEY_ENV: 'production',
      DATABASE_URL: testDatabase.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
      LATCHKEY_PUBLIC_URL: 'https://auth.example.test',
      LATCHKEY_REGISTRATION: 'verify-first',
    };
  });

  afterAll(async () => {
    await server?.stop();
    await inbox?.close();
    await testDatabase.drop();
  });

  it('there is no development inbox, the log says so, and mails wait for a mail server', async () => {
    server = await startServerProcess(environment);
    expect(server.output()).toContain('SMTP_URL is not set: mails wait in the queue');
    const client = createHttpClient(server.url);
    const inboxPage = await client.call('GET', '/dev/mail', {
      headers: { accept: 'application/json' },
    });
    expect(inboxPage.status).toBe(404);
    const body = { email: 'ann@example.com', password: PASSWORD, displayName: 'Ann' };
    expect((await client.call('POST', '/v1/users', { body })).status).toBe(202);
    client.close();
    await eventually(async () => {
      const doctor = await runLatchkey(['doctor'], environment);
      expect(doctor.code).toBe(1);
      expect(doctor.stdout).toMatch(/PROBLEM\s+mail\s+Mails are not sent: set SMTP_URL/);
      return /mail queue\s+1 waiting/.test(doctor.stdout);
    }, 'the mail waits');
    await server.stop();

    inbox = await startSmtpInbox();
    server = await startServerProcess({ ...environment, SMTP_URL: inbox.url });
    const { messages } = inbox;
    await eventually(() => messages().length === 1, 'the mail');
    expect(messages().map(({ envelope }) => envelope.to)).toStrictEqual([['ann@example.com']]);
  });
});
