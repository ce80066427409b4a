import { fold } from '../../domain/decider.ts';
import { householdDecider } from '../../domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../domain/household/household-events.ts';
import { userDecider } from '../../domain/user/user-decider.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import { accountIn, type UserState } from '../../domain/user/user-state.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EventStore, RecordedEvent } from '../kernel/event-store.ts';
import { type ComposeInvitationMail, isInvitationCause } from './compose-invitation-mail.ts';
import type { ComposeMail } from './compose-mail.ts';
import type { DueMail, MailQueue } from './mail-queue.ts';
import { type Mail, type Mailer, MailRefused } from './mailer.ts';

type Dependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  queue: MailQueue;
  composeMail: ComposeMail;
  composeInvitationMail: ComposeInvitationMail;
  mailer: Mailer;
  clock: Clock;
  log: (line: string) => void;
}>;

const BATCH = 20;
const FIRST_RETRY_SECONDS = 1;
const LAST_RETRY_SECONDS = 300;
/** A mail that could not be sent for this long is dropped. */
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000;

/** The registry guarantees that a user's stream contains user events. */
const userAfter = (events: readonly RecordedEvent[]): UserState =>
  fold(
    userDecider,
    userDecider.initialState,
    events.map(({ event }) => event as UserEvent),
  );

/** Checks that the invitation with the token in `cause` is still open. */
const isOpen = (cause: RecordedEvent['event'], events: readonly RecordedEvent[]): boolean => {
  if (!isInvitationCause(cause)) return false;
  const household = fold(
    householdDecider,
    householdDecider.initialState,
    events.map(({ event }) => event as HouseholdEvent),
  );
  if (household.status !== 'existing') return false;
  const { tokenHash } = cause.data.token;
  return household.invitations.some((invitation) => invitation.tokenHash === tokenHash);
};

const backoff = (attempts: number): number =>
  Math.min(FIRST_RETRY_SECONDS * 2 ** attempts, LAST_RETRY_SECONDS);

export type DeliverMails = ReturnType<typeof createDeliverMails>;

/**
 * Sends due mails and retries each until the mail server accepts or permanently refuses it, or it
 * is three days old. After a crash between sending and recording it, a mail is sent again.
 */
export const createDeliverMails = ({
  eventStore,
  queue,
  composeMail,
  composeInvitationMail,
  mailer,
  clock,
  log,
}: Dependencies) => {
  const compose = async ({ eventId, stream }: DueMail): Promise<Mail | undefined> => {
    const { events } = await eventStore.readStream(stream);
    const place = events.findIndex((event) => event.eventId === eventId);
    const cause = events[place];
    if (cause === undefined) return undefined;
    if (stream.category === 'household') {
      return isOpen(cause.event, events) ? composeInvitationMail(cause) : undefined;
    }
    const user = accountIn(userAfter(events.slice(0, place + 1)));
    return user && composeMail(cause, user);
  };

  const send = async (due: DueMail): Promise<void> => {
    const mail = await compose(due);
    if (mail !== undefined) await mailer.send(mail);
  };

  const isStale = ({ queuedAt }: DueMail): boolean =>
    Date.parse(clock.now()) - Date.parse(queuedAt) > GIVE_UP_AFTER_MS;

  const deliver = async (mail: DueMail): Promise<void> => {
    try {
      await send(mail);
      await queue.remove(mail.eventId);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      if (error instanceof MailRefused || isStale(mail)) {
        log(`mail for event ${mail.eventId} is given up: ${reason}`);
        await queue.remove(mail.eventId);
        return;
      }
      log(`mail for event ${mail.eventId} has to wait: ${reason}`);
      await queue.postpone(mail.eventId, backoff(mail.attempts));
    }
  };

  /** @returns the number of due mails */
  return async (): Promise<number> => {
    const due = await queue.due(BATCH);
    // One by one, so that a user who asked twice receives the latest mail last.
    for (const mail of due) await deliver(mail);
    return due.length;
  };
};
