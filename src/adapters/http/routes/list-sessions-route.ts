import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ListSessions } from '../../../application/use-cases/list-sessions.ts';
import { problems } from '../problem-details.ts';
import { claimsOf } from '../require-access-token.ts';
import { Session } from '../schemas.ts';

/** GET /v1/sessions */
export const listSessionsRoute =
  (listSessions: ListSessions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/sessions',
      {
        schema: {
          operationId: 'listSessions',
          summary: "The user's live sessions, the most recently used first",
          tags: ['sessions'],
          security: [{ accessToken: [] }],
          response: {
            200: Type.Object({ sessions: Type.Array(Session) }),
            ...problems(401, 503),
          },
        },
      },
      async (request) => {
        const { sub, sid } = claimsOf(request);
        return { sessions: [...(await listSessions(sub, sid))] };
      },
    );
  };
