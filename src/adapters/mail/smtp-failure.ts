import { MailRefused } from '../../application/mail/mailer.ts';

/** The steps that are about this mail. What precedes them is about us: connection, sign-in, sender. */
const STEPS_ABOUT_THE_MAIL = new Set<unknown>(['RCPT TO', 'DATA']);

/** RFC 4954, 6: the server wants other credentials, or any at all. 503: out of step (RFC 5321, 4.3.2). */
const OUR_OWN_FAULT = new Set<unknown>([503, 530, 534, 535, 538]);

const isRefusal = (command: unknown, responseCode: unknown): boolean =>
  typeof responseCode === 'number' &&
  responseCode >= 500 &&
  STEPS_ABOUT_THE_MAIL.has(command) &&
  !OUR_OWN_FAULT.has(responseCode);

const property = (error: unknown, name: string): unknown =>
  error instanceof Error ? Reflect.get(error, name) : undefined;

/**
 * What to throw instead of nodemailer's error, which quotes the server's answer and so the address:
 * `MailRefused` when the server will never take this mail. Only codes are told.
 */
export const translateSmtpFailure = (error: unknown): Error => {
  const responseCode = property(error, 'responseCode');
  if (isRefusal(property(error, 'command'), responseCode)) {
    return new MailRefused(`SMTP ${responseCode}`);
  }
  const codes = [property(error, 'code'), property(error, 'originalCode'), responseCode];
  const known = codes.filter((code) => typeof code === 'string' || typeof code === 'number');
  return new Error(['The mail server did not take a mail:', ...known].join(' '));
};
