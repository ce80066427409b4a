import type { DomainErrorCode } from '../../../domain/domain-error.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { ApplicationErrorCode } from '../../kernel/errors.ts';
import { type RecordedEvent, streamName } from '../../kernel/event-store.ts';
import { summariseEvent } from '../event-sentences.ts';
import type { AnyEvent } from '../shown-event-data.ts';

/** One event that led to the answer. */
export type Reason = Readonly<{
  at: Instant;
  /** In a few words. */
  what: string;
  type: string;
  actor: string;
  eventId: string;
  stream: string;
  revision: string;
  correlationId: string;
}>;

/** Whether a request is or was refused, and why. */
export type Explanation = Readonly<{
  /** The moment that the explanation is about. */
  asOf: Instant;
  /** The code in the client's answer; null if the request is accepted. */
  code: ApplicationErrorCode | DomainErrorCode | 'access_token_missing' | null;
  /** One sentence. */
  verdict: string;
  /** The user concerned; null where no user is. */
  userId: string | null;
  /** In the order of the log. */
  reasons: readonly Reason[];
}>;

/** An explanation before its events are turned into reasons. */
export type Finding = Pick<Explanation, 'code' | 'verdict'> &
  Readonly<{ because: readonly Because[] }>;

/** An event with its summary. */
export type Because = Readonly<{ recorded: RecordedEvent<{ type: string }>; what: string }>;

/** Adds its summary to an event. */
export const becauseOf = (recorded: RecordedEvent<AnyEvent>): Because => ({
  recorded,
  what: summariseEvent(recorded.event, recorded.stream.id),
});

const toReason = ({ recorded, what }: Because): Reason => ({
  at: recorded.metadata.occurredAt,
  what,
  type: recorded.event.type,
  actor: recorded.metadata.actor,
  eventId: recorded.eventId,
  stream: streamName(recorded.stream),
  revision: String(recorded.revision),
  correlationId: recorded.metadata.correlationId,
});

const inLogOrder = (a: Because, b: Because): number => {
  if (a.recorded.position !== b.recorded.position) {
    return a.recorded.position < b.recorded.position ? -1 : 1;
  }
  return Number(a.recorded.revision - b.recorded.revision);
};

/** Builds an explanation with each event once, in the order of the log. */
export const explanationOf = (
  { code, verdict, because }: Finding,
  asOf: Instant,
  userId: string | null,
): Explanation => {
  const once = new Map(because.map((one) => [one.recorded.eventId, one]));
  return {
    asOf,
    code,
    verdict,
    userId,
    reasons: [...once.values()].sort(inLogOrder).map(toReason),
  };
};
