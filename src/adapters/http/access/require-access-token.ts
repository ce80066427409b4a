import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessTokenClaims } from '../../../application/sessions/access-tokens.ts';
import type { Authenticate } from '../../../application/sessions/authenticate.ts';
import { HttpError } from '../problems/http-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The claims of the access token; null on routes that need none. */
    claims: AccessTokenClaims | null;
  }
}

/** RFC 6750, 2.1: the scheme in any case, one token68. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Prepares every request for `requireAccessToken`. */
export const registerClaims = (app: FastifyInstance): void => {
  app.decorateRequest('claims', null);
};

/** A hook for routes that need an access token. @throws HttpError, ApplicationError */
export const requireAccessToken =
  (authenticate: Authenticate) =>
  async (request: FastifyRequest): Promise<void> => {
    const { authorization } = request.headers;
    if (authorization === undefined) throw new HttpError('access_token_missing');
    const [, token] = BEARER.exec(authorization) ?? [];
    // Any other header value holds no token of ours.
    request.claims = await authenticate(token ?? '');
  };

/** The claims on a route behind `requireAccessToken`. */
export const claimsOf = ({ claims }: FastifyRequest): AccessTokenClaims => {
  if (claims === null) throw new TypeError('the route does not require an access token');
  return claims;
};
