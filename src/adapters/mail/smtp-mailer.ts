import { createTransport } from 'nodemailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { type Mail, type Mailer, MailRefused } from '../../application/mail/mailer.ts';
import { languageFor } from './languages/mail-languages.ts';
import { renderMail } from './render-mail.ts';
import { translateSmtpFailure } from './smtp-failure.ts';

export type SmtpMailer = Mailer &
  Readonly<{
    /** Connects and signs in, without a mail. @throws Error without address or credentials in it */
    check(): Promise<void>;
    /** Finishes the mails being sent; those still waiting fail. */
    close(): void;
  }>;

type Options = Readonly<{
  /**
   * The server: `smtp://user:password@host:port`, with STARTTLS if offered, or `smtps://`. The query
   * holds options of nodemailer: `?requireTLS=true`, `?tls.rejectUnauthorized=false`.
   */
  smtpUrl: string;
  /** The sender: `Name <address>` or an address. */
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
/** The limit for a whole mail: a server that trickles answers never reaches the socket timeout. */
const SEND_TIMEOUT_MS = 30_000;

// Excludes what nodemailer or a server could read as a second address, a name or a header.
const PLAIN_ADDRESS = /^[^\s\p{C}@,;:<>()[\]\\"]+@[^\s\p{C}@,;:<>()[\]\\"]+$/u;

/** Checks the address again, in case the domain's check is ever loosened. @throws MailRefused */
const checkAddress = (address: string): void => {
  const plain = PLAIN_ADDRESS.test(address) && PLAIN_ADDRESS.test(address.normalize('NFKC'));
  if (!plain) throw new MailRefused('the address contains characters that are not allowed');
};

/** Creates a mailer that sends over a pool of SMTP connections. */
export const createSmtpMailer = ({ smtpUrl, from, publicUrl }: Options): SmtpMailer => {
  const transport = createTransport({
    maxConnections: MAX_CONNECTIONS,
    ...TIMEOUTS,
    ...parseConnectionUrl(smtpUrl),
    pool: true,
    // The logger would write mails and credentials.
    logger: false,
    debug: false,
    transactionLog: false,
  });
  const { hostname } = new URL(publicUrl);

  const compose = (mail: Mail) => ({
    from,
    // Nodemailer does not parse an address object.
    to: { name: '', address: mail.to },
    // The same for every attempt, so that the recipient's mail program recognises a duplicate.
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
