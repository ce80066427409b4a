import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { parseAsOf } from '../../../../application/auditing/history/as-of-moment.ts';
import type { ListThefts } from '../../../../application/auditing/theft/list-thefts.ts';
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
import { HttpError } from '../../problems/http-error.ts';
import { problems } from '../../problems/problem-details.ts';
import { strictObject } from '../../schemas/schemas.ts';
import { TheftSummary } from '../../schemas/theft-schemas.ts';

/** Parses a time. @throws HttpError `validation_failed` */
const readTime = (text: string | undefined) => {
  if (text === undefined) return undefined;
  const asOf = parseAsOf(text);
  if (asOf?.kind === 'time') return asOf.time;
  throw new HttpError('validation_failed');
};

/** Registers GET /v1/admin/thefts. */
export const adminTheftsRoute =
  (listThefts: ListThefts, listCursors: ListCursors): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/thefts',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          operationId: 'listThefts',
          summary: 'List the detected thefts, latest first',
          tags: ['administration'],
          querystring: strictObject({
            since: FilterText('The earliest time, such as 2026-01-31T12:00:00Z'),
            ...pageParameters,
          }),
          response: {
            200: Type.Object({
              thefts: Type.Immutable(Type.Array(TheftSummary)),
              nextCursor: NextCursor,
            }),
            ...problems(400, 401, 403, 503),
          },
        },
      },
      async (request) => {
        const { cursor, limit = DEFAULT_LIMIT } = request.query;
        const since = readTime(request.query.since);
        const cursors = cursorsOf(listCursors, request, { since });
        const [before] = cursors.read(cursor) ?? [];
        const { thefts, next } = await listThefts({
          since,
          before: before as Position | undefined,
          limit,
        });
        return { thefts, nextCursor: cursors.write(next && [next]) };
      },
    );
  };
