import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ReplayTheft } from '../../../../application/auditing/theft/replay-theft.ts';
import { ADMINISTRATOR } from '../../access/access-rules.ts';
import { problems } from '../../problems/problem-details.ts';
import { SessionId } from '../../schemas/schemas.ts';
import { TokenFamily } from '../../schemas/theft-schemas.ts';

/** GET /v1/admin/token-families/{id} */
export const adminTokenFamilyRoute =
  (replayTheft: ReplayTheft): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/token-families/:id',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          operationId: 'replayTheft',
          summary: 'The life of a session, from its first token to its last',
          description:
            'Every decision is made once more, from the log alone. After a theft: who held what when, and what was done with access tokens from then on.',
          tags: ['administration'],
          params: SessionId,
          response: { 200: TokenFamily, ...problems(400, 401, 403, 404, 503) },
        },
      },
      (request) => replayTheft(request.params.id),
    );
  };
