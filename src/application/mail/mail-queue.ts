import type { Instant } from '../../domain/instant.ts';
import type { Position, StreamId } from '../kernel/event-store.ts';

/** A mail by the event that causes it; its content is composed from the event when it is sent. */
export type QueuedMail = Readonly<{ eventId: string; stream: StreamId }>;

/** A mail that is due. `attempts`: number of failed attempts. */
export type DueMail = QueuedMail & Readonly<{ attempts: number; queuedAt: Instant }>;

/** The persistent queue of mails, with the position in the log up to which mails were queued. */
export type MailQueue = Readonly<{
  /** Returns the position of the last event that was read; undefined before the first. */
  checkpoint(): Promise<Position | undefined>;
  /** Queues the mails and stores the position, both or neither. A mail is queued at most once. */
  advance(position: Position, mails: readonly QueuedMail[]): Promise<void>;
  /** Returns the mails that are due, the oldest first. */
  due(limit: number): Promise<readonly DueMail[]>;
  /** Removes a mail that was sent or is dropped. */
  remove(eventId: string): Promise<void>;
  /** Counts the mails in the queue. */
  countWaiting(): Promise<number>;
  /** Schedules another attempt in `seconds`. */
  postpone(eventId: string, seconds: number): Promise<void>;
}>;
