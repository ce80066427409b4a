import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../../../application/kernel/request-context.ts';

/** The longest user agent that is stored: every event of a session repeats it. */
const MAX_USER_AGENT = 512;
const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/;

/** The request context for event metadata; `actor` is `anonymous` without an access token. */
export const contextOf = (request: FastifyRequest): RequestContext => ({
  correlationId: request.id,
  actor: request.claims?.sub ?? 'anonymous',
  jti: request.claims?.jti,
  client: {
    // Fastify has no address once the client has disconnected.
    ip: (request.ip ?? '').replace(IPV4_IN_IPV6, ''),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  },
});
