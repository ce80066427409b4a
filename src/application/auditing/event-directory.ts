import type { Instant } from '../../domain/instant.ts';
import type { Position } from '../kernel/event-store.ts';

/** An event as it is stored: what is personal is encrypted, what else must not be shown is not. */
export type LoggedEvent = Readonly<{
  position: Position;
  eventId: string;
  /** `<category>-<id>` */
  stream: string;
  /** From 0; as text, it may be larger than a number can say. */
  revision: string;
  type: string;
  occurredAt: Instant;
  actor: string;
  correlationId: string;
  data: Readonly<Record<string, unknown>>;
}>;

/** All of what is given has to hold. */
export type EventFilter = Readonly<{
  /** Events of the user and of the user's sessions. */
  userId?: string | undefined;
  householdId?: string | undefined;
  type?: string | undefined;
  /** Any of these. */
  types?: readonly string[] | undefined;
  /** The earliest instant. */
  from?: Instant | undefined;
  /** The first instant that is too late. */
  to?: Instant | undefined;
}>;

export type EventSearch = Readonly<{
  filter: EventFilter;
  /** The last one that was seen. */
  before: Position | undefined;
  limit: number;
}>;

export type EventDirectory = Readonly<{
  /** The latest first, in the order in which they were stored. */
  search(search: EventSearch): Promise<readonly LoggedEvent[]>;
}>;
