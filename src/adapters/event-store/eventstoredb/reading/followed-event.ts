import type { RecordedEvent } from '../../../../application/kernel/event-store.ts';

/** A recorded event with the data that the event index needs. */
export type FollowedEvent = RecordedEvent &
  Readonly<{
    /** The subject whose data key encrypts its personal fields. */
    subject: string | null;
    /** EventStoreDB's number within the stream. */
    number: bigint;
  }>;
