import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../../access/access-rules.ts';

/** The state of the projector: its position, its lag, and the event it cannot process. */
export type ProjectorHealth = Readonly<{
  position: string | null;
  lagMilliseconds: number;
  stuck: Readonly<{ event: string; position: string }> | null;
}>;

/** Names the checks that keep the process from traffic, in a word or two without internals. */
export type ReadinessCheck = () => Promise<
  Readonly<{ failing: readonly string[]; projector?: ProjectorHealth }>
>;

const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  failing: Type.Array(Type.String()),
  /** Present when the log is in EventStoreDB. */
  projector: Type.Optional(
    Type.Object({
      position: Type.Union([Type.String(), Type.Null()]),
      lagMilliseconds: Type.Integer(),
      stuck: Type.Union([
        Type.Object({ event: Type.String(), position: Type.String() }),
        Type.Null(),
      ]),
    }),
  ),
});

/** Registers GET /health/live and /health/ready. */
export const healthRoutes =
  (checkReadiness: ReadinessCheck): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/health/live',
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'checkLiveness',
          summary: 'Check whether the process runs',
          tags: ['operations'],
          response: { 200: Type.Object({ status: Type.Literal('live') }) },
        },
      },
      async () => ({ status: 'live' as const }),
    );

    app.get(
      '/health/ready',
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'checkReadiness',
          summary:
            'Check whether the process can serve: database reachable, revocations up to date',
          tags: ['operations'],
          response: { 200: Readiness, 503: Readiness },
        },
      },
      async (_request, reply) => {
        const { failing, ...details } = await checkReadiness();
        return failing.length === 0
          ? reply.code(200).send({ status: 'ready', failing: [], ...details })
          : reply.code(503).send({ status: 'not_ready', failing: [...failing], ...details });
      },
    );
  };
