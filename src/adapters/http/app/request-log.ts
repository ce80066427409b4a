import type { FastifyInstance } from 'fastify';

/**
 * One line per request, by allow-list: method, the route's pattern (never the path, it may hold a
 * token), status and milliseconds. Health checks and metrics are not worth a line.
 */
export const registerRequestLog = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '(unknown)';
    if (route.startsWith('/health/') || route === '/metrics') return;
    const { method } = request;
    const { statusCode: status, elapsedTime } = reply;
    request.log.info({ method, route, status, milliseconds: Math.round(elapsedTime) }, 'request');
  });
};
