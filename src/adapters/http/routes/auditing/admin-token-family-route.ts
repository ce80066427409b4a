import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ReplayTheft } from '../../../../application/auditing/theft/replay-theft.ts';
import { ADMINISTRATOR } from '../../access/access-rules.ts';
import { problems } from '../../problems/problem-details.ts';
import { SessionId } from '../../schemas/schemas.ts';
import { TokenFamily } from '../../schemas/theft-schemas.ts';

/** Registers GET /v1/admin/token-families/{id}. */
export const adminTokenFamilyRoute =
  (replayTheft: ReplayTheft): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/token-families/:id',
      {
        config: { access: ADMINISTRATOR },
        schema: {
          operationId: 'replayTheft',
          summary: 'Read a session from its first token to its last',
          description:
            'Repeats every decision from the log alone. After a theft, the answer shows which client held which token when, and the actions with access tokens minted since.',
          tags: ['administration'],
          params: SessionId,
          response: { 200: TokenFamily, ...problems(400, 401, 403, 404, 503) },
        },
      },
      (request) => replayTheft(request.params.id),
    );
  };
