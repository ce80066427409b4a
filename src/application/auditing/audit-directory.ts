import type { Instant } from '../../domain/instant.ts';
import type { Position, StreamId } from '../kernel/event-store.ts';

/** Where an event is: in its stream, and in the log. */
export type EventPlace = Readonly<{ stream: StreamId; revision: bigint; position: Position }>;

export type TheftSearch = Readonly<{
  /** The earliest instant. */
  since: Instant | undefined;
  /** The last one that was seen. */
  before: Position | undefined;
  limit: number;
}>;

/** Finds what belongs together in the log: erased or deleted, it is found all the same. */
export type AuditDirectory = Readonly<{
  /** Every token family the user ever had. */
  familiesOf(userId: string): Promise<readonly string[]>;
  /** Every household the user ever was a member of. */
  householdsOf(userId: string): Promise<readonly string[]>;
  /** What was done with access tokens of the family, in any stream, in the order of the log. */
  eventsOfSession(familyId: string): Promise<readonly EventPlace[]>;
  /** Where a theft was detected, the latest first. */
  thefts(search: TheftSearch): Promise<readonly EventPlace[]>;
}>;
