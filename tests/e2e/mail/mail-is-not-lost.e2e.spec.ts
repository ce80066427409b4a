import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import { type SmtpInbox, startSmtpInbox } from '../../support/mail/smtp-inbox.ts';
import { createHttpClient, expectSignedIn, PASSWORD } from '../../support/servers/http-client.ts';
import {
  freePort,
  newMasterKey,
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { tokenIn } from '../../support/servers/mailbox.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const PEOPLE = Array.from({ length: 10 }, (_, n) => `person-${n}@example.com`);

describe('when the process is killed before the mail server accepts a mail', () => {
  let testDatabase: TestDatabase;
  let environment: Record<string, string>;
  let smtpPort: number;
  let inbox: SmtpInbox | undefined;
  const running: ServerProcess[] = [];

  const start = async (): Promise<ServerProcess> => {
    const server = await startServerProcess(environment);
    running.push(server);
    return server;
  };

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    smtpPort = await freePort();
    environment = {
      DATABASE_URL: testDatabase.connectionString,
      LATCHKEY_MASTER_KEY: newMasterKey(),
      LATCHKEY_LOG_LEVEL: 'error',
      LATCHKEY_REGISTRATION: 'verify-first',
      LATCHKEY_PUBLIC_URL: 'https://auth.example.test',
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      LATCHKEY_MAIL_FROM: 'Latchkey <no-reply@example.test>',
    };
  });

  afterAll(async () => {
    for (const server of running) await server.stop('SIGKILL');
    await inbox?.close();
    await testDatabase.drop();
  });

  it('every mail is sent later to its one recipient, and a rebuild sends none again', async () => {
    const first = await start();
    const client = createHttpClient(first.url);
    const answers = await Promise.all(
      PEOPLE.map((email) =>
        client.call('POST', '/v1/users', {
          body: { email, password: PASSWORD, displayName: 'Ann' },
          headers: { host: 'evil.example' },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toStrictEqual(PEOPLE.map(() => 202));
    client.close();
    await first.stop('SIGKILL');

    inbox = await startSmtpInbox({ port: smtpPort });
    const { messages } = inbox;
    const second = await start();
    await eventually(() => messages().length >= PEOPLE.length, 'all mails');
    const recipients = messages().flatMap(({ envelope }) => envelope.to);
    expect([...recipients].sort()).toStrictEqual([...PEOPLE].sort());
    expect(messages().map(({ envelope }) => envelope.to.length)).toStrictEqual(PEOPLE.map(() => 1));
    for (const { email } of messages()) {
      expect(email.text).toContain('https://auth.example.test/verify-email?token=');
      expect(email.text).not.toContain('evil.example');
    }

    const rebuilt = await runLatchkey(['projections', 'rebuild'], environment);
    expect(rebuilt.code).toBe(0);
    const [message] = messages();
    const token = tokenIn(message?.email.text ?? '');
    const again = createHttpClient(second.url);
    const path = '/v1/email-verifications/confirm';
    expect((await again.call('POST', path, { body: { token } })).status).toBe(204);
    expectSignedIn(await again.signIn(message?.envelope.to[0] ?? ''));
    again.close();
    expect(messages().length).toBe(PEOPLE.length);
  });
});
