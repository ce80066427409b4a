import { earliest, type Instant } from '../../../domain/instant.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Position, RecordedEvent } from '../../kernel/event-store.ts';
import type { EventDirectory } from '../event-directory.ts';

/** How much of the log counts: what happened up to a time, or up to a place in it; either included. */
export type AsOf =
  | Readonly<{ kind: 'now' }>
  | Readonly<{ kind: 'time'; time: Instant }>
  | Readonly<{ kind: 'position'; position: Position }>;

/** `at`: by which what ends by itself has ended, or not yet. */
export type Moment = Readonly<{ asOf: AsOf; at: Instant }>;

export const NOW: AsOf = { kind: 'now' };

/** RFC 3339, 5.6, in years that PostgreSQL and JavaScript agree about. */
const TIME =
  /^([12]\d{3}-(?:0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const POSITION = /^\d{20}-\d{20}$/;

/** The longer of both; no text beyond it can be either. */
export const AS_OF_LENGTH = 41;

const isDayOfMonth = (date: string, day: string): boolean =>
  new Date(`${date}T00:00:00Z`).getUTCDate() === Number(day);

/** Undefined for what is neither a time nor a position. */
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

/** The next place that could be, within what a store can hold. */
const placeAfter = (position: Position): Position => {
  const [transaction = '0', global = '0'] = position.split('-');
  return `${digits(BigInt(transaction))}-${digits(BigInt(global) + 1n)}` as Position;
};

type Dependencies = Readonly<{ events: EventDirectory; clock: Clock }>;

export type FindMoment = ReturnType<typeof createFindMoment>;

/** A position's time is that of the last event up to it. Nothing is known of the future: it is now. */
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

/** The beginning of a stream that had happened by then. */
export const eventsUntil = <Event>(
  events: readonly RecordedEvent<Event>[],
  moment: Moment,
): readonly RecordedEvent<Event>[] => {
  const later = events.findIndex((event) => isLater(event, moment));
  return later === -1 ? events : events.slice(0, later);
};
