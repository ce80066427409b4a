import type { Clock } from '../../../src/application/kernel/clock.ts';
import type { Position } from '../../../src/application/kernel/event-store.ts';
import type { DueMail, MailQueue } from '../../../src/application/mail/mail-queue.ts';
import { type Instant, plusSeconds } from '../../../src/domain/instant.ts';

type Waiting = DueMail & Readonly<{ nextAttemptAt: Instant }>;

/** A mail queue in memory that fulfils the contract for one process. */
export const createInMemoryMailQueue = (clock: Clock): MailQueue => {
  const waiting = new Map<string, Waiting>();
  let reached: Position | undefined;

  return {
    checkpoint: async () => reached,
    advance: async (position, mails) => {
      if (reached !== undefined && position <= reached) return;
      reached = position;
      const now = clock.now();
      for (const mail of mails) {
        if (waiting.has(mail.eventId)) continue;
        waiting.set(mail.eventId, { ...mail, attempts: 0, queuedAt: now, nextAttemptAt: now });
      }
    },
    due: async (limit) =>
      [...waiting.values()]
        .filter(({ nextAttemptAt }) => nextAttemptAt <= clock.now())
        .sort((a, b) => Date.parse(a.nextAttemptAt) - Date.parse(b.nextAttemptAt))
        .slice(0, limit)
        .map(({ nextAttemptAt: _, ...mail }) => mail),
    remove: async (eventId) => void waiting.delete(eventId),
    countWaiting: async () => waiting.size,
    postpone: async (eventId, seconds) => {
      const mail = waiting.get(eventId);
      if (mail === undefined) return;
      const nextAttemptAt = plusSeconds(clock.now(), seconds);
      waiting.set(eventId, { ...mail, attempts: mail.attempts + 1, nextAttemptAt });
    },
  };
};
