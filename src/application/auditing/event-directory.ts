import type { Instant } from '../../domain/instant.ts';
import type { Position } from '../kernel/event-store.ts';

/**
 * An event as it is stored: personal data is encrypted, other data that must not be shown is not.
 */
export type LoggedEvent = Readonly<{
  position: Position;
  eventId: string;
  /** `<category>-<id>` */
  stream: string;
  /** From 0; as text, since it may exceed the range of safe integers. */
  revision: string;
  type: string;
  occurredAt: Instant;
  actor: string;
  correlationId: string;
  data: Readonly<Record<string, unknown>>;
}>;

/** Every given condition has to hold. */
export type EventFilter = Readonly<{
  /** Events of the user and of the user's sessions. */
  userId?: string | undefined;
  householdId?: string | undefined;
  type?: string | undefined;
  /** Any of these. */
  types?: readonly string[] | undefined;
  /** The earliest instant. */
  from?: Instant | undefined;
  /** The end, exclusive. */
  to?: Instant | undefined;
}>;

export type EventSearch = Readonly<{
  filter: EventFilter;
  /** The position of the last event of the page before. */
  before: Position | undefined;
  limit: number;
}>;

export type EventDirectory = Readonly<{
  /** The latest first, in the order in which they were stored. */
  search(search: EventSearch): Promise<readonly LoggedEvent[]>;
}>;
