import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '../../../src/application/kernel/event-store.ts';
import type { MailQueue, QueuedMail } from '../../../src/application/mail/mail-queue.ts';

export type OpenedMailQueue = Readonly<{
  /** A queue without mails and without a checkpoint. */
  emptyQueue(): Promise<MailQueue>;
  close(): Promise<void>;
}>;

/** Positions ordered as text, like those of the log. */
export const positionOf = (n: number): Position => String(n).padStart(20, '0') as Position;

export const aQueuedMail = (): QueuedMail => ({
  eventId: randomUUID(),
  stream: { category: 'user', id: 'user_ann' },
});

/** The contract of every mail queue. */
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

  describe('a new mail queue', () => {
    it('has no checkpoint and nothing to send', async () => {
      expect(await queue.checkpoint()).toBeUndefined();
      expect(await queue.due(10)).toStrictEqual([]);
      expect(await queue.countWaiting()).toBe(0);
    });
  });

  describe('a mail queue while the log is read', () => {
    it('stores the checkpoint and the mail to send', async () => {
      const mail = aQueuedMail();
      await queue.advance(positionOf(7), [mail]);
      expect(await queue.checkpoint()).toBe(positionOf(7));
      const [due, ...others] = await queue.due(10);
      expect(due).toMatchObject({ ...mail, attempts: 0 });
      expect(Math.abs(Date.now() - Date.parse(due?.queuedAt ?? ''))).toBeLessThan(60_000);
      expect(others).toStrictEqual([]);
      expect(await queue.countWaiting()).toBe(1);
    });

    it('stores the checkpoint without a mail', async () => {
      await queue.advance(positionOf(7), []);
      expect(await queue.checkpoint()).toBe(positionOf(7));
      expect(await queue.countWaiting()).toBe(0);
    });

    it('never moves the checkpoint back', async () => {
      await queue.advance(positionOf(7), []);
      await queue.advance(positionOf(3), []);
      expect(await queue.checkpoint()).toBe(positionOf(7));
    });

    it('stores a mail once that is queued twice', async () => {
      const mail = aQueuedMail();
      await queue.advance(positionOf(1), [mail]);
      await queue.postpone(mail.eventId, 0);
      await queue.advance(positionOf(2), [mail]);
      expect(await queue.due(10)).toMatchObject([{ ...mail, attempts: 1 }]);
    });

    it('queues no mail at or before the checkpoint, since another process may have sent it', async () => {
      await queue.advance(positionOf(7), []);
      await queue.advance(positionOf(7), [aQueuedMail()]);
      await queue.advance(positionOf(3), [aQueuedMail()]);
      expect(await queue.countWaiting()).toBe(0);
    });
  });

  describe('a mail queue with waiting mails', () => {
    it('returns the oldest first, at most the requested number', async () => {
      const mails = [aQueuedMail(), aQueuedMail(), aQueuedMail()];
      for (const [n, mail] of mails.entries()) await queue.advance(positionOf(n), [mail]);
      const ids = mails.map(({ eventId }) => eventId);
      expect(await dueIds()).toStrictEqual(ids);
      expect(await dueIds(2)).toStrictEqual(ids.slice(0, 2));
    });

    it('returns the same mail again until it is removed or postponed', async () => {
      await queue.advance(positionOf(1), [aQueuedMail()]);
      expect(await queue.due(10)).toStrictEqual(await queue.due(10));
    });

    it('omits postponed mails but counts them', async () => {
      const [first, second] = [aQueuedMail(), aQueuedMail()];
      await queue.advance(positionOf(1), [first, second]);
      await queue.postpone(first.eventId, 3_600);
      expect(await dueIds()).toStrictEqual([second.eventId]);
      expect(await queue.countWaiting()).toBe(2);
    });

    it('counts the attempts of postponed mails', async () => {
      const mail = aQueuedMail();
      await queue.advance(positionOf(1), [mail]);
      const [before] = await queue.due(10);
      await queue.postpone(mail.eventId, 0);
      await queue.postpone(mail.eventId, 0);
      expect(await queue.due(10)).toStrictEqual([{ ...before, attempts: 2 }]);
    });

    it('no longer returns a removed mail', async () => {
      const [first, second] = [aQueuedMail(), aQueuedMail()];
      await queue.advance(positionOf(1), [first, second]);
      await queue.remove(first.eventId);
      expect(await dueIds()).toStrictEqual([second.eventId]);
      expect(await queue.countWaiting()).toBe(1);
    });

    it('ignores an unknown mail', async () => {
      await queue.remove(randomUUID());
      await queue.postpone(randomUUID(), 60);
      expect(await queue.countWaiting()).toBe(0);
    });
  });
};
