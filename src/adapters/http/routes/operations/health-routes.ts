import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../../access/access-rules.ts';

/** Where the log is followed: how far the tables are, and what they cannot get past. */
export type ProjectorHealth = Readonly<{
  position: string | null;
  lagMilliseconds: number;
  stuck: Readonly<{ event: string; position: string }> | null;
}>;

/** Why the process must not get traffic; empty when it may. Each is one word or two, nothing internal. */
export type ReadinessCheck = () => Promise<
  Readonly<{ failing: readonly string[]; projector?: ProjectorHealth }>
>;

const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  failing: Type.Array(Type.String()),
  /** With the log in EventStoreDB. */
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

/** GET /health/live and /health/ready */
export const healthRoutes =
  (checkReadiness: ReadinessCheck): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/health/live',
      {
        config: { access: ANONYMOUS },
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
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'checkReadiness',
          summary: 'Whether the process can serve: database reachable, revocations up to date',
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
