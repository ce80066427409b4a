import { MailRefused } from '../../application/mail/mailer.ts';

/** The SMTP commands that concern this mail; earlier ones concern connection, sign-in and sender. */
const STEPS_ABOUT_THE_MAIL = new Set<unknown>(['RCPT TO', 'DATA']);

/** Codes about authentication (RFC 4954, 6), and 503, a wrong sequence (RFC 5321, 4.3.2). */
const CLIENT_FAULTS = new Set<unknown>([503, 530, 534, 535, 538]);

const isRefusal = (command: unknown, responseCode: unknown): boolean =>
  typeof responseCode === 'number' &&
  responseCode >= 500 &&
  STEPS_ABOUT_THE_MAIL.has(command) &&
  !CLIENT_FAULTS.has(responseCode);

const property = (error: unknown, name: string): unknown =>
  error instanceof Error ? Reflect.get(error, name) : undefined;

/**
 * Translates nodemailer's error, which quotes the server's answer and so the address, to one that
 * holds only codes.
 * @returns `MailRefused` when the server will never accept this mail, otherwise an `Error`
 */
export const translateSmtpFailure = (error: unknown): Error => {
  const responseCode = property(error, 'responseCode');
  if (isRefusal(property(error, 'command'), responseCode)) {
    return new MailRefused(`SMTP ${responseCode}`);
  }
  const codes = [property(error, 'code'), property(error, 'originalCode'), responseCode];
  const known = codes.filter((code) => typeof code === 'string' || typeof code === 'number');
  return new Error(['The mail server did not accept a mail:', ...known].join(' '));
};
