import { earliest, type Instant } from '../../../domain/instant.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Position, RecordedEvent } from '../../kernel/event-store.ts';
import type { EventDirectory } from '../event-directory.ts';

/** The part of the log that counts: up to a time or a position, both included. */
export type AsOf =
  | Readonly<{ kind: 'now' }>
  | Readonly<{ kind: 'time'; time: Instant }>
  | Readonly<{ kind: 'position'; position: Position }>;

/** `at`: the time at which expiry is decided. */
export type Moment = Readonly<{ asOf: AsOf; at: Instant }>;

export const NOW: AsOf = { kind: 'now' };

/** RFC 3339, 5.6, limited to years that PostgreSQL and JavaScript read alike. */
const TIME =
  /^([12]\d{3}-(?:0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const POSITION = /^\d{20}-\d{20}$/;

/** The length of the longer of both. */
export const AS_OF_LENGTH = 41;

const isDayOfMonth = (date: string, day: string): boolean =>
  new Date(`${date}T00:00:00Z`).getUTCDate() === Number(day);

/** Undefined for a text that is neither a time nor a position. */
export const parseAsOf = (text: string): AsOf | undefined => {
  if (POSITION.test(text)) return { kind: 'position', position: text as Position };
  const [, date, day] = TIME.exec(text) ?? [];
  if (date === undefined || day === undefined || !isDayOfMonth(date, day)) return undefined;
  return { kind: 'time', time: new Date(text).toISOString() };
};

const LARGEST = 2n ** 63n - 1n;
const DIGITS = 20;

const digits = (number: bigint): string =>
  String(number > LARGEST ? LARGEST : number).padStart(DIGITS, '0');

/** The next possible position, within the range of the store. */
const placeAfter = (position: Position): Position => {
  const [transaction = '0', global = '0'] = position.split('-');
  return `${digits(BigInt(transaction))}-${digits(BigInt(global) + 1n)}` as Position;
};

type Dependencies = Readonly<{ events: EventDirectory; clock: Clock }>;

export type FindMoment = ReturnType<typeof createFindMoment>;

/**
 * Finds the time of a moment: for a position, that of the last event up to it; never later than
 * now.
 */
export const createFindMoment =
  ({ events, clock }: Dependencies) =>
  async (asOf: AsOf): Promise<Moment> => {
    const now = clock.now();
    switch (asOf.kind) {
      case 'now':
        return { asOf, at: now };
      case 'time':
        return { asOf, at: earliest(asOf.time, now) };
      case 'position': {
        const before = placeAfter(asOf.position);
        const [last] = await events.search({ filter: {}, before, limit: 1 });
        return { asOf, at: last?.occurredAt ?? now };
      }
    }
  };

const isLater = ({ position, metadata }: RecordedEvent<unknown>, { asOf }: Moment): boolean => {
  switch (asOf.kind) {
    case 'now':
      return false;
    case 'time':
      return metadata.occurredAt > asOf.time;
    case 'position':
      return position > asOf.position;
  }
};

/** The events of a stream up to that moment. */
export const eventsUntil = <Event>(
  events: readonly RecordedEvent<Event>[],
  moment: Moment,
): readonly RecordedEvent<Event>[] => {
  const later = events.findIndex((event) => isLater(event, moment));
  return later === -1 ? events : events.slice(0, later);
};
