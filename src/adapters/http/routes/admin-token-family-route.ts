import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { ReplayTheft } from '../../../application/use-cases/replay-theft.ts';
import { problems } from '../problem-details.ts';
import { SessionId } from '../schemas.ts';

const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Integer(), Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Party = Type.Object({ ip: Type.String(), userAgent: Type.String() });

const TimelineEntry = Type.Object({
  revision: Type.String(),
  at: Time,
  type: Type.String(),
  actor: Type.String(),
  correlationId: Type.String(),
  generation: NullableNumber,
  ip: NullableText,
  userAgent: NullableText,
  accessToken: NullableNumber,
});

const TokenFamily = Type.Object({
  familyId: Type.String({ format: 'uuid' }),
  userId: Type.String(),
  startedAt: Time,
  theft: Type.Union([
    Type.Object({
      at: Time,
      cause: Type.Enum(['older_generation', 'other_client', 'after_grace']),
      presentedGeneration: Type.Integer(),
      currentGeneration: Type.Integer(),
      ageSeconds: Type.Integer(),
      presenter: Party,
      holder: Party,
    }),
    Type.Null(),
  ]),
  revocation: Type.Union([Type.Object({ at: Time, reason: Type.String() }), Type.Null()]),
  chain: Type.Object({ intact: Type.Boolean(), firstBroken: NullableText }),
  timeline: Type.Array(TimelineEntry),
});

/** GET /v1/admin/token-families/{id} */
export const adminTokenFamilyRoute =
  (replayTheft: ReplayTheft): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/admin/token-families/:id',
      {
        schema: {
          operationId: 'replayTheft',
          summary: 'The life of a session, from its first token to its last',
          tags: ['administration'],
          security: [{ accessToken: [] }],
          params: SessionId,
          response: { 200: TokenFamily, ...problems(400, 401, 403, 404, 503) },
        },
      },
      async (request) => {
        const replay = await replayTheft(request.params.id);
        return { ...replay, timeline: [...replay.timeline] };
      },
    );
  };
