import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type ReceivedMail = Readonly<{
  /** What SMTP said, whatever the headers say. */
  envelope: Readonly<{ from: string; to: readonly string[] }>;
  email: Email;
  /** As it came over the line. */
  source: string;
}>;

type Step = 'MAIL FROM' | 'RCPT TO' | 'DATA';

export type SmtpInbox = Readonly<{
  /** Without credentials and query. */
  url: string;
  /** In the order of arrival. */
  messages(): readonly ReceivedMail[];
  /** From now on every mail is refused at this step; `undefined` takes them again. */
  rejectWith(code: number | undefined, step?: Step): void;
  /** How many connections were ever made. */
  connections(): number;
  close(): Promise<void>;
}>;

type Options = Readonly<{
  /** Where a restarted one listens again. */
  port?: number;
  /** Asks for them; without, anybody may send. */
  credentials?: Readonly<{ user: string; password: string }>;
  /** TLS from the start, with a certificate nobody trusts. */
  tls?: boolean;
}>;

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });

/** A mail server that keeps what it gets, on a port of its own. */
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
  // Clients that leave without a word are part of the tests.
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
