import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ListSessions } from '../../../../application/sessions/list-sessions.ts';
import { USER } from '../../access/access-rules.ts';
import { claimsOf } from '../../access/require-access-token.ts';
import { problems } from '../../problems/problem-details.ts';
import { Session } from '../../schemas/schemas.ts';

/** Registers GET /v1/sessions. */
export const listSessionsRoute =
  (listSessions: ListSessions): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/sessions',
      {
        config: { access: USER },
        schema: {
          operationId: 'listSessions',
          summary: "List the user's live sessions, most recently used first",
          tags: ['sessions'],
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
