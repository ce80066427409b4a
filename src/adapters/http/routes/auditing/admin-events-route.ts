import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { SearchEvents } from '../../../../application/auditing/search-events.ts';
import { eventTypes } from '../../../../application/auditing/shown-event-data.ts';
import type { Position } from '../../../../application/kernel/event-store.ts';
import { ADMINISTRATOR } from '../../access/access-rules.ts';
import type { ListCursors } from '../../lists/list-cursor.ts';
import {
  cursorsOf,
  DEFAULT_LIMIT,
  FilterText,
  NextCursor,
  pageParameters,
} from '../../lists/list-page.ts';
import { problems } from '../../problems/problem-details.ts';
import { LoggedEvent } from '../../schemas/logged-event-schema.ts';
import { strictObject } from '../../schemas/schemas.ts';

/** A time of RFC 3339, 5.6, in years that PostgreSQL and JavaScript treat alike. */
const Time = (description: string) =>
  Type.Optional(
    Type.String({
      pattern:
        '^[12]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d' +
        '(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
      description: `${description}, such as 2026-01-31T12:00:00Z`,
    }),
  );

const toInstant = (time: string | undefined) => time && new Date(time).toISOString();

/** Registers GET /v1/admin/events. */
export const adminEventsRoute =
  (searchEvents: SearchEvents, listCursors: ListCursors): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/events',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          operationId: 'searchEvents',
          summary: 'Search events, latest first',
          description: 'An event must match all given filters.',
          tags: ['administration'],
          querystring: strictObject({
            userId: FilterText('Events of this user and of their sessions'),
            householdId: FilterText('Events of this household'),
            type: Type.Optional(Type.Enum([...eventTypes])),
            from: Time('The start of the period, included'),
            to: Time('The end of the period, excluded'),
            ...pageParameters,
          }),
          response: {
            200: Type.Object({ events: Type.Array(LoggedEvent), nextCursor: NextCursor }),
            ...problems(400, 401, 403, 503),
          },
        },
      },
      async (request) => {
        const { cursor, limit = DEFAULT_LIMIT, userId, householdId, type } = request.query;
        const from = toInstant(request.query.from);
        const to = toInstant(request.query.to);
        const filter = { userId, householdId, type, from, to };
        const cursors = cursorsOf(listCursors, request, filter);
        const [before] = cursors.read(cursor) ?? [];
        const page = await searchEvents({ filter, before: before as Position | undefined, limit });
        return {
          events: [...page.events],
          nextCursor: cursors.write(page.next && [page.next]),
        };
      },
    );
  };
