import { Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { type ErrorCode, problemByCode, recordProblem } from '../problems/problem-details.ts';
import { OAuthError } from './oauth-error.ts';

type Answer = OAuthError['problem'];

const INVALID_GRANT: Answer = {
  error: 'invalid_grant',
  status: 400,
  // The same for a reused token: its presenter must not learn that the theft was detected.
  description: 'The refresh token is invalid, expired or revoked',
};

const UNAVAILABLE: Answer = {
  error: 'temporarily_unavailable',
  status: 503,
  description: 'Try again later',
};

/** Codes whose OAuth error does not follow from their HTTP status. */
const ANSWER_BY_CODE: Readonly<Partial<Record<ErrorCode, Answer>>> = {
  refresh_token_invalid: INVALID_GRANT,
  refresh_token_reused: INVALID_GRANT,
  concurrent_update: UNAVAILABLE,
  too_many_access_tokens: { ...UNAVAILABLE, status: 429, description: 'Too many refreshes' },
  rate_limited: { ...UNAVAILABLE, status: 429, description: 'Too many requests' },
  validation_failed: {
    error: 'invalid_request',
    status: 400,
    description: 'A parameter is missing or given more than once',
  },
  unsupported_media_type: {
    error: 'invalid_request',
    status: 415,
    description: 'The body must be application/x-www-form-urlencoded',
  },
};

const answerFor = (code: ErrorCode): Answer => {
  const known = ANSWER_BY_CODE[code];
  if (known !== undefined) return known;
  const { status, title } = problemByCode[code];
  if (status === 503) return UNAVAILABLE;
  return { error: status < 500 ? 'invalid_request' : 'server_error', status, description: title };
};

/** Answers errors of all routes in the scope of `app` as OAuth clients expect (RFC 6749, 5.2). */
export const registerOAuthErrors = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply) => {
    const answer =
      error instanceof OAuthError ? error.problem : answerFor(recordProblem(error, request, reply));
    // RFC 6749, 5.2, and RFC 7617, 2: tells the client how to authenticate.
    if (answer.error === 'invalid_client') {
      void reply.header('www-authenticate', 'Basic realm="oauth2", charset="UTF-8"');
    }
    return reply
      .code(answer.status)
      .send({ error: answer.error, error_description: answer.description });
  });
};

const ErrorBody = Type.Object({
  error: Type.String({ description: 'Error code (RFC 6749, 5.2), explained in docs/catalogue.md' }),
  error_description: Type.String({ description: 'An explanation for developers; may change' }),
});

/** Builds the response schemas of the errors that a route may answer with. */
export const oauthErrors = <Status extends number>(...statuses: Status[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: 'Error', content: { 'application/json': { schema: ErrorBody } } },
    ]),
  );
