import type { SmtpMailer } from '../../adapters/mail/smtp-mailer.ts';
import type { DevelopmentOutbox } from '../../adapters/postgres/mail/postgres-development-outbox.ts';
import type { MailQueue } from '../../application/mail/mail-queue.ts';
import type { SendAccountMails } from '../../application/mail/send-account-mails.ts';
import { token } from './token.ts';

export const mailTokens = {
  mailQueue: token<MailQueue>('MailQueue'),
  smtpMailer: token<SmtpMailer | undefined>('SmtpMailer'),
  developmentOutbox: token<DevelopmentOutbox | undefined>('DevelopmentOutbox'),
  sendAccountMails: token<SendAccountMails>('SendAccountMails'),
} as const;
