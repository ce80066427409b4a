import type { RecordedEvent } from '../../../../application/kernel/event-store.ts';

/** A recorded event with what the tables keep of it besides its meaning. */
export type FollowedEvent = RecordedEvent &
  Readonly<{
    /** Whose data key its personal fields are encrypted with. */
    subject: string | null;
    /** Its place in the stream as the store counts. */
    number: bigint;
  }>;
