import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';

/** Why the process must not get traffic; empty when it may. Each is one word or two, nothing internal. */
export type ReadinessCheck = () => Promise<readonly string[]>;

const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  failing: Type.Array(Type.String()),
});

/** GET /health/live and /health/ready */
export const healthRoutes =
  (checkReadiness: ReadinessCheck): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/health/live',
      {
        schema: {
          operationId: 'checkLiveness',
          summary: 'Whether the process runs',
          tags: ['operations'],
          response: { 200: Type.Object({ status: Type.Literal('live') }) },
        },
      },
      async () => ({ status: 'live' as const }),
    );

    app.get(
      '/health/ready',
      {
        schema: {
          operationId: 'checkReadiness',
          summary: 'Whether the process can serve: database reachable, revocations up to date',
          tags: ['operations'],
          response: { 200: Readiness, 503: Readiness },
        },
      },
      async (_request, reply) => {
        const failing = [...(await checkReadiness())];
        return failing.length === 0
          ? reply.code(200).send({ status: 'ready', failing })
          : reply.code(503).send({ status: 'not_ready', failing });
      },
    );
  };
