import type { Instant } from '../../domain/instant.ts';
import type { Position, StreamId } from '../kernel/event-store.ts';

/** The place of an event in its stream and in the log. */
export type EventPlace = Readonly<{ stream: StreamId; revision: bigint; position: Position }>;

export type TheftSearch = Readonly<{
  /** The earliest instant. */
  since: Instant | undefined;
  /** The position of the last theft of the page before. */
  before: Position | undefined;
  limit: number;
}>;

/**
 * Finds related streams and events in the log, also those of erased users and deleted households.
 */
export type AuditDirectory = Readonly<{
  /** Every token family the user ever had. */
  familiesOf(userId: string): Promise<readonly string[]>;
  /** Every household the user ever was a member of. */
  householdsOf(userId: string): Promise<readonly string[]>;
  /** The events caused with access tokens of the family, in any stream, in the order of the log. */
  eventsOfSession(familyId: string): Promise<readonly EventPlace[]>;
  /** The places where a theft was detected, the latest first. */
  thefts(search: TheftSearch): Promise<readonly EventPlace[]>;
}>;
