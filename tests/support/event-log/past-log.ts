import { createFindRoute } from '../../../src/adapters/http/access/route-lookup.ts';
import { createExplanations } from '../../../src/application/auditing/explanation/explanations.ts';
import { createHistories } from '../../../src/application/auditing/history/histories.ts';
import type {
  EventShape,
  Position,
  RecordedEvent,
  StreamCategory,
} from '../../../src/application/kernel/event-store.ts';
import { at } from '../events/token-family-fixtures.ts';
import { lockout } from '../events/user-fixtures.ts';
import { readRouteAccess } from '../http/route-access.ts';

export type PastEvent = Readonly<{
  category: StreamCategory;
  id: string;
  event: EventShape;
  /** Time in seconds after the start. */
  at: number;
  /** Events of one request share it; by default each event has its own. */
  request?: string;
  actor?: string;
}>;

const digits = (number: number): string => String(number).padStart(20, '0');

/** The position of an event: they count from 1, one transaction per event. */
export const positionOf = (place: number): Position =>
  `${digits(place)}-${digits(place)}` as Position;

const recordAll = (happened: readonly PastEvent[]): readonly RecordedEvent[] => {
  const ends = new Map<string, bigint>();
  return happened.map(
    ({ category, id, event, at: seconds, request, actor = 'user_ann' }, index) => {
      const revision = (ends.get(`${category}-${id}`) ?? -1n) + 1n;
      ends.set(`${category}-${id}`, revision);
      return {
        eventId: `event-${index + 1}`,
        stream: { category, id },
        revision,
        position: positionOf(index + 1),
        event,
        metadata: {
          occurredAt: at(seconds),
          correlationId: request ?? `request-${index + 1}`,
          causationId: request ?? `request-${index + 1}`,
          actor,
          chain: 'c'.repeat(64),
        },
      };
    },
  );
};

const idsOf = (log: readonly RecordedEvent[], category: StreamCategory): readonly string[] => [
  ...new Set(log.flatMap(({ stream }) => (stream.category === category ? [stream.id] : []))),
];

/**
 * Creates histories and explanations of past events, each related to every user. `now`: in seconds
 */
export const openPastLog = (happened: readonly PastEvent[], now: number) => {
  const log = recordAll(happened);
  const dependencies = {
    eventStore: {
      readStream: async ({ category, id }: RecordedEvent['stream']) => ({
        events: log.filter(({ stream }) => stream.category === category && stream.id === id),
        firstBroken: undefined,
      }),
    },
    events: {
      search: async ({ before }: { before: Position | undefined }) =>
        log
          .filter(({ position }) => before === undefined || position < before)
          .slice(-1)
          .map(({ eventId, position, event, metadata: { occurredAt, actor, correlationId } }) => ({
            eventId,
            position,
            occurredAt,
            actor,
            correlationId,
            stream: '',
            revision: '0',
            type: event.type,
            data: {},
          })),
    },
    audits: {
      familiesOf: async () => idsOf(log, 'tokenFamily'),
      householdsOf: async () => idsOf(log, 'household'),
    },
    clock: { now: () => at(now) },
  };
  const findRoute = createFindRoute(readRouteAccess);
  return {
    ...createHistories(dependencies),
    ...createExplanations({ ...dependencies, findRoute, policy: { lockout } }),
  };
};

/** An event of Ann's account. */
export const toAnn = (event: EventShape, seconds: number, request?: string): PastEvent => ({
  category: 'user',
  id: 'user_ann',
  event,
  at: seconds,
  ...(request !== undefined && { request }),
});

export const FAMILY = '0190a1b2-0000-7000-8000-000000000001';

/** An event of Ann's session. */
export const toFamily = (event: EventShape, seconds: number, request?: string): PastEvent => ({
  ...toAnn(event, seconds, request),
  category: 'tokenFamily',
  id: FAMILY,
});

/** An event of the household `flat`. */
export const toFlat = (
  event: EventShape,
  seconds: number,
  rest: Partial<PastEvent> = {},
): PastEvent => ({ ...toAnn(event, seconds), category: 'household', id: 'hh_flat', ...rest });
