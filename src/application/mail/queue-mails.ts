import type { EventStore, Position } from '../kernel/event-store.ts';
import { isInvitationCause } from './compose-invitation-mail.ts';
import { isMailCause } from './compose-mail.ts';
import type { MailQueue } from './mail-queue.ts';

type Dependencies = Readonly<{
  eventStore: Pick<EventStore, 'subscribe'>;
  queue: MailQueue;
}>;

/** Limit on the events without a mail that are read again after a restart. */
const REMEMBER_EVERY = 500;

export type QueueMails = ReturnType<typeof createQueueMails>;

/** Follows the log and queues a mail for each event that causes one. */
export const createQueueMails =
  ({ eventStore, queue }: Dependencies) =>
  async (signal: AbortSignal, onQueued: () => void): Promise<void> => {
    const after: Position | undefined = await queue.checkpoint();
    let passed = 0;
    for await (const { eventId, stream, position, event } of eventStore.subscribe(
      after,
      { categories: ['user', 'household'] },
      signal,
    )) {
      passed += 1;
      const isCause = isMailCause(event) || isInvitationCause(event);
      const mails = isCause ? [{ eventId, stream }] : [];
      if (mails.length === 0 && passed < REMEMBER_EVERY) continue;
      await queue.advance(position, mails);
      passed = 0;
      if (mails.length > 0) onQueued();
    }
  };
