import { createTransport } from 'nodemailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { type Mail, type Mailer, MailRefused } from '../../application/mail/mailer.ts';
import { languageFor } from './languages/mail-languages.ts';
import { renderMail } from './render-mail.ts';
import { translateSmtpFailure } from './smtp-failure.ts';

export type SmtpMailer = Mailer &
  Readonly<{
    /** Whether the server lets us in; sends nothing. @throws Error without address or credentials */
    check(): Promise<void>;
    /** Mails that are on their way are finished, waiting ones fail. */
    close(): void;
  }>;

type Options = Readonly<{
  /**
   * `smtp://user:password@host:port`, with STARTTLS if the server offers it, or `smtps://`; options of
   * nodemailer as query: `?requireTLS=true`, `?tls.rejectUnauthorized=false`.
   */
  smtpUrl: string;
  /** `Name <address>` or an address. */
  from: string;
  publicUrl: string;
}>;

const MAX_CONNECTIONS = 2;
const TIMEOUTS = {
  dnsTimeout: 5_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: 10_000,
};
/** For everything: a server that trickles its answers is never silent for long enough. */
const SEND_TIMEOUT_MS = 30_000;

// What could be taken for a second address, a name or a header, here or by a server on the way.
const PLAIN_ADDRESS = /^[^\s\p{C}@,;:<>()[\]\\"]+@[^\s\p{C}@,;:<>()[\]\\"]+$/u;

/** The domain has judged the address already: this is for the day somebody loosens that. */
const checkAddress = (address: string): void => {
  const plain = PLAIN_ADDRESS.test(address) && PLAIN_ADDRESS.test(address.normalize('NFKC'));
  if (!plain) throw new MailRefused('the address is not a plain one');
};

export const createSmtpMailer = ({ smtpUrl, from, publicUrl }: Options): SmtpMailer => {
  const transport = createTransport({
    maxConnections: MAX_CONNECTIONS,
    ...TIMEOUTS,
    ...parseConnectionUrl(smtpUrl),
    pool: true,
    // It would log mails and credentials.
    logger: false,
    debug: false,
    transactionLog: false,
  });
  const { hostname } = new URL(publicUrl);

  const compose = (mail: Mail) => ({
    from,
    // As an object it is not parsed.
    to: { name: '', address: mail.to },
    // The same for every attempt: whoever gets a mail twice can tell.
    messageId: `<${mail.id}@${hostname}>`,
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834, 5
      'Content-Language': languageFor(mail.locale).tag, // RFC 3282
    },
    ...renderMail(mail, publicUrl),
    disableFileAccess: true,
    disableUrlAccess: true,
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });

  return {
    send: async (mail) => {
      checkAddress(mail.to);
      try {
        await transport.sendMail(compose(mail));
      } catch (error) {
        throw translateSmtpFailure(error);
      }
    },
    check: async () => {
      try {
        await transport.verify();
      } catch (error) {
        throw translateSmtpFailure(error);
      }
    },
    close: () => transport.close(),
  };
};
