import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { renderMail } from '../../../src/adapters/mail/render-mail.ts';
import { createSmtpMailer, type SmtpMailer } from '../../../src/adapters/mail/smtp-mailer.ts';
import type { Mail } from '../../../src/application/mail/mailer.ts';
import { aMail, MAIL_PUBLIC_URL as publicUrl } from '../../support/mail/mail-fixtures.ts';
import { type SmtpInbox, startSmtpInbox } from '../../support/mail/smtp-inbox.ts';

const from = 'Our Home <no-reply@example.org>';
const PASSING = { name: 'Error' };

let inbox: SmtpInbox;
let mailer: SmtpMailer;

const begin = async (query = '', options: Parameters<typeof startSmtpInbox>[0] = {}) => {
  inbox = await startSmtpInbox(options);
  mailer = createSmtpMailer({ smtpUrl: inbox.url + query, from, publicUrl });
};
const end = async () => {
  mailer.close();
  await inbox.close();
};

/** Sends a mail that fails. @returns the error */
const failure = async (mail: Mail = aMail()): Promise<Error> => {
  const error: unknown = await mailer.send(mail).then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof Error)) throw new TypeError('the mail was sent');
  return error;
};

/** Everything that a log could show of an error. */
const told = (error: Error): string =>
  JSON.stringify([
    String(error),
    error.stack,
    error.cause,
    Object.entries(Object.getOwnPropertyDescriptors(error)),
  ]);

describe('the SMTP mailer with a mail server', () => {
  beforeEach(() => begin());
  afterEach(end);

  const received = async (mail: Mail) => {
    await mailer.send(mail);
    const [message, ...others] = inbox.messages();
    if (message === undefined) throw new TypeError('nothing arrived');
    expect(others).toStrictEqual([]);
    return message;
  };

  it.each(['en', 'de'])('sends the rendered mail to one recipient (%s)', async (locale) => {
    const mail = aMail({ locale });
    const { email, envelope } = await received(mail);
    const rendered = renderMail(mail, publicUrl);
    expect(envelope).toStrictEqual({ from: 'no-reply@example.org', to: ['ann@example.com'] });
    expect(email.from).toStrictEqual({ name: 'Our Home', address: 'no-reply@example.org' });
    expect(email.to).toStrictEqual([{ name: '', address: 'ann@example.com' }]);
    expect([email.cc, email.bcc, email.replyTo]).toStrictEqual([undefined, undefined, undefined]);
    expect(email.subject).toBe(rendered.subject);
    expect(email.text?.trimEnd()).toBe(rendered.text.trimEnd());
    expect(email.html?.trimEnd()).toBe(rendered.html.trimEnd());
    expect(email.attachments).toStrictEqual([]);
  });

  it('marks a mail in its headers as automatic and with its language', async () => {
    const { email } = await received(aMail({ locale: 'de-AT' }));
    const header = (name: string) => email.headers.filter(({ key }) => key === name);
    expect(header('auto-submitted').map(({ value }) => value)).toStrictEqual(['auto-generated']);
    expect(header('content-language').map(({ value }) => value)).toStrictEqual(['de']);
    expect(email.messageId).toBe('<01959f0e-0000-7000-8000-000000000001@auth.example.org>');
  });

  it('uses the same message id for every attempt', async () => {
    await mailer.send(aMail());
    await mailer.send(aMail());
    await mailer.send(aMail({ id: 'another' }));
    expect(inbox.messages().map(({ email }) => email.messageId)).toStrictEqual([
      '<01959f0e-0000-7000-8000-000000000001@auth.example.org>',
      '<01959f0e-0000-7000-8000-000000000001@auth.example.org>',
      '<another@auth.example.org>',
    ]);
  });

  it('reuses a connection', async () => {
    for (const id of ['one', 'two', 'three']) await mailer.send(aMail({ id }));
    expect(inbox.messages()).toHaveLength(3);
    expect(inbox.connections()).toBe(1);
  });

  it.each(["o'brien+latchkey@example.com", 'a.b-c_d=e@sub.example.com', 'ann@localhost'])(
    'sends to %s unchanged',
    async (to) => {
      const { email, envelope } = await received(aMail({ to }));
      expect(envelope.to).toStrictEqual([to]);
      expect(email.to).toStrictEqual([{ name: '', address: to }]);
    },
  );

  it('sends to an internationalised domain', async () => {
    const { envelope, source } = await received(aMail({ to: 'ann@bücher.example' }));
    expect(envelope.to).toStrictEqual(['ann@bücher.example']);
    expect(source).toMatch(/^To: ann@xn--bcher-kva\.example\r$/m);
  });

  it.each([
    ['a line break', 'ann@example.com\r\nBcc: eve@example.com'],
    ['a line feed', 'ann@example.com\nRCPT TO:<eve@example.com>'],
    ['a carriage return', 'ann\r@example.com'],
    ['a null', 'ann\0@example.com'],
    ['a comma', 'ann@example.com,eve@example.com'],
    ['a full-width comma', 'ann@example.com，eve'],
    ['a semicolon', 'ann@example.com;eve@example.com'],
    ['a quote', '"eve@example.com"@example.com'],
    ['angle brackets', 'ann <eve@example.com>'],
    ['an angle bracket', 'ann@example.com>'],
    ['a full-width angle bracket', 'ann＜eve@example.com'],
    ['a comment', 'ann@example.com(eve)'],
    ['a space', 'ann@example.com eve@example.com'],
    ['two at signs', 'ann@eve.example@example.com'],
    ['a full-width at sign', 'ann＠example.com'],
    ['an additional full-width at sign', 'ann＠eve.example@example.com'],
    ['an additional small at sign', 'ann﹫eve.example@example.com'],
    ['no at sign', 'ann'],
    ['no name', '@example.com'],
    ['no domain', 'ann@'],
    ['nothing', ''],
  ])('refuses an address with %s without connecting', async (_, to) => {
    const error = await failure(aMail({ to }));
    expect(error).toMatchObject({
      name: 'MailRefused',
      message: 'the address contains characters that are not allowed',
    });
    expect(inbox.connections()).toBe(0);
  });

  it.each([
    [550, 'RCPT TO'],
    [551, 'RCPT TO'],
    [553, 'RCPT TO'],
    [552, 'DATA'],
    [554, 'DATA'],
  ] as const)('gives up a mail after the answer %i to %s', async (code, step) => {
    inbox.rejectWith(code, step);
    const error = await failure();
    expect(error).toMatchObject({ name: 'MailRefused', message: `SMTP ${code}` });
    expect(told(error)).not.toMatch(/ann|example\.com/);
  });

  it.each([
    [450, 'RCPT TO', 'EENVELOPE'],
    [451, 'RCPT TO', 'EENVELOPE'],
    [452, 'DATA', 'EMESSAGE'],
    [421, 'RCPT TO', 'ECONNECTION'],
    [530, 'RCPT TO', 'EENVELOPE'],
    [503, 'RCPT TO', 'EENVELOPE'],
    [550, 'MAIL FROM', 'EENVELOPE'],
    [530, 'MAIL FROM', 'EENVELOPE'],
  ] as const)(
    'reports a temporary failure after the answer %i to %s',
    async (code, step, error) => {
      inbox.rejectWith(code, step);
      const passing = await failure();
      expect(passing).toMatchObject({
        ...PASSING,
        message: `The mail server did not accept a mail: ${error} ${code}`,
      });
      expect(told(passing)).not.toMatch(/ann@|example\.com|no-reply/);
    },
  );

  it('sends the next mail after a refused one', async () => {
    inbox.rejectWith(550);
    await failure();
    inbox.rejectWith(undefined);
    await mailer.send(aMail());
    expect(inbox.messages()).toHaveLength(1);
  });

  it('sends again after a restart of the server', async () => {
    await mailer.send(aMail());
    const port = Number(new URL(inbox.url).port);
    await inbox.close();
    expect(await failure()).toMatchObject({
      ...PASSING,
      message: 'The mail server did not accept a mail: ESOCKET ECONNREFUSED',
    });
    inbox = await startSmtpInbox({ port });
    await mailer.send(aMail());
    expect(inbox.messages()).toHaveLength(1);
  });

  it('sends nothing after it is closed', async () => {
    mailer.close();
    expect(await failure()).toMatchObject(PASSING);
    expect(inbox.messages()).toStrictEqual([]);
  });
});

describe('the SMTP mailer with a mail server that requires credentials', () => {
  const credentials = { user: 'relay@example.org', password: 'p@ss/word:1' };
  const login = (user: string, password: string, url: string) =>
    url.replace('//', `//${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  const beginAs = async (user: string, password: string) => {
    inbox = await startSmtpInbox({ credentials });
    mailer = createSmtpMailer({ smtpUrl: login(user, password, inbox.url), from, publicUrl });
  };
  afterEach(end);

  it('signs in with the credentials of its URL', async () => {
    await beginAs(credentials.user, credentials.password);
    await mailer.send(aMail());
    expect(inbox.messages()).toHaveLength(1);
  });

  it('reports a temporary failure without the credentials when they are wrong', async () => {
    await beginAs(credentials.user, 'guessed-password');
    const error = await failure();
    expect(error).toMatchObject({
      ...PASSING,
      message: 'The mail server did not accept a mail: EAUTH 535',
    });
    expect(told(error)).not.toMatch(/relay|guessed|ann@/);
  });

  it('reports a temporary failure when it has no credentials', async () => {
    inbox = await startSmtpInbox({ credentials });
    mailer = createSmtpMailer({ smtpUrl: inbox.url, from, publicUrl });
    expect(await failure()).toMatchObject({
      ...PASSING,
      message: 'The mail server did not accept a mail: EENVELOPE 530',
    });
  });
});

describe('the SMTP mailer with a mail server that uses TLS', () => {
  afterEach(end);

  it('reports a temporary failure when the certificate is not trusted', async () => {
    await begin('', { tls: true });
    expect(await failure()).toMatchObject({
      ...PASSING,
      message: expect.stringMatching(/^The mail server did not accept a mail: E\w+ [A-Z_]+$/),
    });
    expect(inbox.messages()).toStrictEqual([]);
  });

  it('sends when its URL disables the certificate check', async () => {
    await begin('?tls.rejectUnauthorized=false', { tls: true });
    await mailer.send(aMail());
    expect(inbox.messages()).toHaveLength(1);
  });
});

describe('the SMTP mailer with a mail server that never answers', () => {
  it('reports a temporary failure after the timeout in its URL', async () => {
    const silent = net.createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const smtpUrl = `smtp://127.0.0.1:${port}?greetingTimeout=50`;
    mailer = createSmtpMailer({ smtpUrl, from, publicUrl });
    onTestFinished(async () => {
      mailer.close();
      await new Promise((resolve) => silent.close(resolve));
    });
    expect(await failure()).toMatchObject({
      ...PASSING,
      message: 'The mail server did not accept a mail: ETIMEDOUT',
    });
  });
});

describe('the SMTP mailer with a mail server that lacks what its URL requires', () => {
  afterEach(end);

  it('reports a temporary failure instead of sending without encryption', async () => {
    await begin('?requireTLS=true');
    expect(await failure()).toMatchObject({
      ...PASSING,
      message: expect.stringContaining('ETLS'),
    });
    expect(inbox.messages()).toStrictEqual([]);
  });

  it('neither logs nor disables its pool, whatever options its URL has', async () => {
    const written = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    onTestFinished(() => written.mockRestore());
    await begin('?logger=true&debug=true&transactionLog=true&pool=false');
    for (const id of ['one', 'two']) await mailer.send(aMail({ id }));
    expect(inbox.connections()).toBe(1);
    expect(written).not.toHaveBeenCalled();
  });
});
