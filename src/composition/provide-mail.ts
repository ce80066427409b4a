import { renderMail } from '../adapters/mail/render-mail.ts';
import { createSmtpMailer } from '../adapters/mail/smtp-mailer.ts';
import { createPostgresDevelopmentOutbox } from '../adapters/postgres/mail/postgres-development-outbox.ts';
import { createPostgresMailQueue } from '../adapters/postgres/mail/postgres-mail-queue.ts';
import { createComposeInvitationMail } from '../application/mail/compose-invitation-mail.ts';
import { createComposeMail } from '../application/mail/compose-mail.ts';
import { createDeliverMails } from '../application/mail/deliver-mails.ts';
import { createQueueMails } from '../application/mail/queue-mails.ts';
import { createSendAccountMails } from '../application/mail/send-account-mails.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers the mail queue, the mails that events cause, and their delivery. */
export const provideMail: CompositionModule = (
  provide,
  { mail, publicUrl, eventStoreDb },
  { log },
) => {
  const { smtpUrl, from, developmentInbox } = mail;
  const location = eventStoreDb === undefined ? 'postgres' : 'eventstoredb';
  provide(tokens.mailQueue, (get) => createPostgresMailQueue(get(tokens.database), location));
  provide(tokens.smtpMailer, () =>
    smtpUrl === undefined ? undefined : createSmtpMailer({ smtpUrl, from, publicUrl }),
  );
  provide(tokens.developmentOutbox, (get) =>
    developmentInbox
      ? createPostgresDevelopmentOutbox({
          database: get(tokens.database),
          render: (content) => renderMail(content, publicUrl),
        })
      : undefined,
  );
  provide(tokens.sendAccountMails, (get) => {
    const mailer = get(tokens.smtpMailer) ?? get(tokens.developmentOutbox);
    const queue = get(tokens.mailQueue);
    const eventStore = get(tokens.eventStore);
    const composing = {
      accounts: get(tokens.accounts),
      codec: get(tokens.oneTimeTokenCodec),
      clock: get(tokens.clock),
    };
    const addresses = get(tokens.invitationAddresses);
    return createSendAccountMails({
      queueMails: createQueueMails({ eventStore, queue }),
      deliverMails:
        mailer &&
        createDeliverMails({
          eventStore,
          queue,
          composeMail: createComposeMail(composing),
          composeInvitationMail: createComposeInvitationMail({ ...composing, addresses }),
          mailer,
          clock: get(tokens.clock),
          log,
        }),
      pause: get(tokens.pause),
      log,
    });
  });
};
