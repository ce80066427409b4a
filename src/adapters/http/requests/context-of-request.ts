import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../../../application/kernel/request-context.ts';

/** Longer ones tell nothing more, and every event of a session would carry them. */
const MAX_USER_AGENT = 512;
const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/;

/** Who asks, for the metadata of events; `actor` once the access token has told. */
export const contextOf = (request: FastifyRequest): RequestContext => ({
  correlationId: request.id,
  actor: request.claims?.sub ?? 'anonymous',
  jti: request.claims?.jti,
  client: {
    // Fastify knows no address once the client has hung up.
    ip: (request.ip ?? '').replace(IPV4_IN_IPV6, ''),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  },
});
