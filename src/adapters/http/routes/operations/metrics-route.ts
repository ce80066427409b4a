import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../../access/access-rules.ts';
import type { Metrics } from './metrics.ts';

/** Registers GET /metrics. */
export const metricsRoute =
  ({ render, contentType }: Metrics): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/metrics',
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'readMetrics',
          summary: 'Read the metrics of this process in the text format of Prometheus',
          tags: ['operations'],
          produces: ['text/plain'],
          response: { 200: Type.String() },
        },
      },
      async (_request, reply) => reply.type(contentType).send(await render()),
    );
  };
