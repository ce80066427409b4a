import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '../../../src/application/kernel/event-store.ts';
import type { MailQueue, QueuedMail } from '../../../src/application/mail/mail-queue.ts';

export type OpenedMailQueue = Readonly<{
  /** Nothing waits in it, and nothing was looked at. */
  emptyQueue(): Promise<MailQueue>;
  close(): Promise<void>;
}>;

/** Ordered as text, like those of the log. */
export const positionOf = (n: number): Position => String(n).padStart(20, '0') as Position;

export const aQueuedMail = (): QueuedMail => ({
  eventId: randomUUID(),
  stream: { category: 'user', id: 'user_ann' },
});

/** What every mail queue does. */
export const describeMailQueueContract = (open: () => Promise<OpenedMailQueue>): void => {
  let opened: OpenedMailQueue;
  let queue: MailQueue;

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());
  beforeEach(async () => {
    queue = await opened.emptyQueue();
  });

  const dueIds = async (limit = 100) => (await queue.due(limit)).map(({ eventId }) => eventId);

  describe('when nothing was looked at yet', () => {
    it('has no checkpoint and nothing to send', async () => {
      expect(await queue.checkpoint()).toBeUndefined();
      expect(await queue.due(10)).toStrictEqual([]);
      expect(await queue.countWaiting()).toBe(0);
    });
  });

  describe('when the log is looked through', () => {
    it('remembers the place, and that it has a mail to send', async () => {
      const mail = aQueuedMail();
      await queue.advance(positionOf(7), [mail]);
      expect(await queue.checkpoint()).toBe(positionOf(7));
      const [due, ...others] = await queue.due(10);
      expect(due).toMatchObject({ ...mail, attempts: 0 });
      expect(Math.abs(Date.now() - Date.parse(due?.queuedAt ?? ''))).toBeLessThan(60_000);
      expect(others).toStrictEqual([]);
      expect(await queue.countWaiting()).toBe(1);
    });

    it('remembers the place without a mail', async () => {
      await queue.advance(positionOf(7), []);
      expect(await queue.checkpoint()).toBe(positionOf(7));
      expect(await queue.countWaiting()).toBe(0);
    });

    it('never goes back', async () => {
      await queue.advance(positionOf(7), []);
      await queue.advance(positionOf(3), []);
      expect(await queue.checkpoint()).toBe(positionOf(7));
    });

    it('queues a mail once that is queued twice', async () => {
      const mail = aQueuedMail();
      await queue.advance(positionOf(1), [mail]);
      await queue.postpone(mail.eventId, 0);
      await queue.advance(positionOf(2), [mail]);
      expect(await queue.due(10)).toMatchObject([{ ...mail, attempts: 1 }]);
    });

    it('queues nothing from where somebody was already, who may have sent it', async () => {
      await queue.advance(positionOf(7), []);
      await queue.advance(positionOf(7), [aQueuedMail()]);
      await queue.advance(positionOf(3), [aQueuedMail()]);
      expect(await queue.countWaiting()).toBe(0);
    });
  });

  describe('when mails wait', () => {
    it('hands out the oldest first, no more than asked for', async () => {
      const mails = [aQueuedMail(), aQueuedMail(), aQueuedMail()];
      for (const [n, mail] of mails.entries()) await queue.advance(positionOf(n), [mail]);
      const ids = mails.map(({ eventId }) => eventId);
      expect(await dueIds()).toStrictEqual(ids);
      expect(await dueIds(2)).toStrictEqual(ids.slice(0, 2));
    });

    it('hands out the same again until it is told what became of it', async () => {
      await queue.advance(positionOf(1), [aQueuedMail()]);
      expect(await queue.due(10)).toStrictEqual(await queue.due(10));
    });

    it('leaves out what was postponed, and counts it', async () => {
      const [first, second] = [aQueuedMail(), aQueuedMail()];
      await queue.advance(positionOf(1), [first, second]);
      await queue.postpone(first.eventId, 3_600);
      expect(await dueIds()).toStrictEqual([second.eventId]);
      expect(await queue.countWaiting()).toBe(2);
    });

    it('counts the attempts of what was postponed', async () => {
      const mail = aQueuedMail();
      await queue.advance(positionOf(1), [mail]);
      const [before] = await queue.due(10);
      await queue.postpone(mail.eventId, 0);
      await queue.postpone(mail.eventId, 0);
      expect(await queue.due(10)).toStrictEqual([{ ...before, attempts: 2 }]);
    });

    it('forgets what was removed, and only that', async () => {
      const [first, second] = [aQueuedMail(), aQueuedMail()];
      await queue.advance(positionOf(1), [first, second]);
      await queue.remove(first.eventId);
      expect(await dueIds()).toStrictEqual([second.eventId]);
      expect(await queue.countWaiting()).toBe(1);
    });

    it('has nothing to say of what it does not know', async () => {
      await queue.remove(randomUUID());
      await queue.postpone(randomUUID(), 60);
      expect(await queue.countWaiting()).toBe(0);
    });
  });
};
