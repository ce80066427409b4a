import type { Instant } from '../../domain/instant.ts';
import type { Position, StreamId } from '../kernel/event-store.ts';

/** A mail that an event is the cause of: what it says follows from the event when it is sent. */
export type QueuedMail = Readonly<{ eventId: string; stream: StreamId }>;

/** `attempts` failed so far. */
export type DueMail = QueuedMail & Readonly<{ attempts: number; queuedAt: Instant }>;

/**
 * The mails to send, and the position up to which the log was searched for them. It survives
 * restarts.
 */
export type MailQueue = Readonly<{
  /** The last event looked at; undefined when none was. */
  checkpoint(): Promise<Position | undefined>;
  /** Both or neither: queues the mails and remembers the place in the log. Queued twice is queued once. */
  advance(position: Position, mails: readonly QueuedMail[]): Promise<void>;
  /** The oldest ones whose time has come. */
  due(limit: number): Promise<readonly DueMail[]>;
  /** Sent, or not to be sent any more. */
  remove(eventId: string): Promise<void>;
  /** Counts the mails that are not sent yet. */
  countWaiting(): Promise<number>;
  /** Schedules another attempt in `seconds`. */
  postpone(eventId: string, seconds: number): Promise<void>;
}>;
