import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = Readonly<{
  /** The SMTP envelope, independent of the headers. */
  envelope: Readonly<{ from: string; to: readonly string[] }>;
  email: Email;
  /** The raw message. */
  source: string;
}>;

type Step = 'MAIL FROM' | 'RCPT TO' | 'DATA';

export type SmtpInbox = Readonly<{
  /** The URL without credentials and query. */
  url: string;
  /** The mails in the order of arrival. */
  messages(): readonly ReceivedMail[];
  /** Refuses every mail at this step from now on; `undefined` accepts them again. */
  rejectWith(code: number | undefined, step?: Step): void;
  /** The number of connections made so far. */
  connections(): number;
  close(): Promise<void>;
}>;

type Options = Readonly<{
  /** The port on which a restarted server listens again. */
  port?: number;
  /** The credentials a client needs; none if undefined. */
  credentials?: Readonly<{ user: string; password: string }>;
  /** Uses TLS from the start, with an untrusted certificate. */
  tls?: boolean;
}>;

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

/** Starts a mail server that keeps the mails it receives, on its own port. */
export const startSmtpInbox = async (options: Options = {}): Promise<SmtpInbox> => {
  const { credentials, tls = false, port = 0 } = options;
  const received: ReceivedMail[] = [];
  let connections = 0;
  let rejection: Readonly<{ code: number; step: Step }> | undefined;

  /** Real servers quote the address, so this one does. */
  const judge = (step: Step, address: string): Error | null =>
    rejection?.step === step ? refusal(rejection.code, `<${address}> refused`) : null;

  const handlers: SMTPServerOptions = {
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username = '', password }, _session, done) => {
      const known = username === credentials?.user && password === credentials.password;
      if (known) done(null, { user: username });
      else done(refusal(535, `no such user ${username}`));
    },
    onMailFrom: ({ address }, _session, done) => done(judge('MAIL FROM', address)),
    onRcptTo: ({ address }, _session, done) => done(judge('RCPT TO', address)),
    onData: async (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const source = Buffer.concat(chunks).toString();
      const to = envelope.rcptTo.map(({ address }) => address);
      const refused = judge('DATA', to.join(', '));
      if (refused !== null) return done(refused);
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      received.push({ envelope: { from, to }, email: await PostalMime.parse(source), source });
      return done();
    },
  };
  const server = new SMTPServer({
    ...handlers,
    secure: tls,
    disabledCommands: credentials === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
  });
  // Clients that disconnect without QUIT are part of the tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.server.address() as AddressInfo;

  return {
    url: `${tls ? 'smtps' : 'smtp'}://127.0.0.1:${taken}`,
    messages: () => [...received],
    rejectWith: (code, step = 'RCPT TO') => {
      rejection = code === undefined ? undefined : { code, step };
    },
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const connection of server.connections) connection.close();
      }),
  };
};
