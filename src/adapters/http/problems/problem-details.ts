import { Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FRESH_SIGN_IN_SECONDS } from '../../../application/credentials/step-up.ts';
import { ApplicationError, type ApplicationErrorCode } from '../../../application/kernel/errors.ts';
import { DomainError, type DomainErrorCode } from '../../../domain/domain-error.ts';
import { HttpError, type HttpErrorCode } from './http-error.ts';

export type ErrorCode = ApplicationErrorCode | DomainErrorCode | HttpErrorCode;

type Problem = Readonly<{ status: number; title: string }>;

/** Status and title of every error code. Exhaustive: a new code does not compile without them. */
export const problemByCode: Readonly<Record<ErrorCode, Problem>> = {
  validation_failed: { status: 400, title: 'The request does not match the documented schema' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  bad_request: { status: 400, title: 'The request is malformed' },
  cursor_invalid: {
    status: 400,
    title: 'The cursor is invalid or belongs to another list',
  },
  position_invalid: { status: 400, title: 'The position is invalid' },
  email_invalid: { status: 400, title: 'This is not a valid e-mail address' },
  username_invalid: {
    status: 400,
    title: 'A username has 3 to 32 letters, digits, dots, dashes or underscores',
  },
  display_name_invalid: { status: 400, title: 'A display name is one line of 1 to 100 characters' },
  household_name_invalid: {
    status: 400,
    title: 'A household name is one line of 1 to 100 characters',
  },
  password_too_short: { status: 400, title: 'A password needs at least 8 characters' },
  password_too_long: { status: 400, title: 'A password may have at most 128 characters' },
  password_too_common: { status: 400, title: 'This password is too common' },
  locale_invalid: { status: 400, title: 'A locale is a language tag such as de or en-GB' },
  record_invalid: { status: 400, title: 'A rule of the table does not allow this record' },
  reference_not_found: {
    status: 400,
    title: 'The household has no such record or member to refer to',
  },
  token_invalid: { status: 400, title: 'The token is invalid, expired or already used' },
  access_token_missing: { status: 401, title: 'This request needs an access token' },
  access_token_invalid: { status: 401, title: 'The access token is invalid, expired or revoked' },
  invalid_credentials: { status: 401, title: 'Identifier and password do not match' },
  refresh_token_invalid: { status: 401, title: 'The refresh token is invalid, expired or revoked' },
  refresh_token_reused: { status: 401, title: 'The refresh token was already used' },
  step_up_required: {
    status: 401,
    title: 'This needs the current password or a sign-in within the last five minutes',
  },
  admin_required: { status: 403, title: 'Only administrators may do this' },
  user_deactivated: { status: 403, title: 'The account is deactivated' },
  household_required: {
    status: 403,
    title: 'This needs an active household that you are a member of',
  },
  tier_insufficient: { status: 403, title: 'This needs a higher tier than the account has' },
  household_role_insufficient: {
    status: 403,
    title: 'Your role in the household does not allow this',
  },
  invitation_for_other_address: {
    status: 403,
    title: 'The invitation is for another e-mail address',
  },
  email_not_verified: { status: 403, title: 'This needs a verified e-mail address' },
  household_not_found: {
    status: 404,
    title: 'There is no such household, or you are not a member of it',
  },
  member_not_found: { status: 404, title: 'The household has no such member' },
  invitation_not_found: { status: 404, title: 'The household has no such open invitation' },
  route_not_found: { status: 404, title: 'There is no such route' },
  session_not_found: { status: 404, title: 'There is no such session' },
  access_token_not_found: { status: 404, title: 'There is no such access token' },
  theft_not_found: {
    status: 404,
    title: 'No token theft is on record for this session',
  },
  user_not_found: { status: 404, title: 'There is no such user' },
  record_not_found: { status: 404, title: 'There is no such record in the household' },
  resource_server_not_found: { status: 404, title: 'There is no such resource server' },
  identifier_taken: { status: 409, title: 'The e-mail address or username is already in use' },
  user_exists: { status: 409, title: 'A user with this id already exists' },
  household_exists: { status: 409, title: 'A household with this id already exists' },
  household_full: { status: 409, title: 'The household has reached its maximum number of members' },
  home_household_must_stay: {
    status: 409,
    title: "This is a member's default household and cannot be deleted",
  },
  owner_must_stay: {
    status: 409,
    title: 'The owner must transfer the household before leaving it',
  },
  already_invited: { status: 409, title: 'An invitation to this address is already open' },
  too_many_invitations: {
    status: 409,
    title: 'Too many invitations are open, or this one was sent too often',
  },
  session_exists: { status: 409, title: 'A session with this id already exists' },
  credentials_changed: {
    status: 409,
    title: 'The password was changed by another request in the meantime',
  },
  too_many_email_changes: {
    status: 409,
    title: 'The e-mail address was changed too often recently',
  },
  not_a_guest: { status: 409, title: 'Only guest accounts can be upgraded' },
  resource_server_exists: { status: 409, title: 'A resource server with this name already exists' },
  account_incomplete: {
    status: 409,
    title: 'The account has no credentials yet: it is a guest or awaits verification',
  },
  last_admin: { status: 409, title: 'At least one active administrator must remain' },
  concurrent_update: {
    status: 409,
    title: 'Other requests changed the same data at the same time; try again',
  },
  user_in_use: { status: 409, title: 'Records of other tables refer to this user' },
  record_in_use: { status: 409, title: 'Other records refer to this record' },
  rebuild_running: { status: 409, title: 'Another rebuild or verification is running' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  invitation_limit_reached: { status: 429, title: 'You have sent too many invitations recently' },
  too_many_access_tokens: { status: 429, title: 'The session has too many live access tokens' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'The server failed to handle the request' },
  server_busy: { status: 503, title: 'The server is busy; try again later' },
  position_not_reached: {
    status: 503,
    title: 'The read model has not reached this position yet; try again',
  },
  service_unavailable: {
    status: 503,
    title: 'The service is temporarily unavailable; try again later',
  },
};

/** A problem document (RFC 9457), with a stable `code` for programs. */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable error code, explained in docs/catalogue.md' }),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String({ description: 'JSON pointer to the rejected member of the request' }),
        message: Type.String(),
      }),
    ),
  ),
});

/** Builds the response schemas of the problems that a route may answer with. */
export const problems = <Status extends number>(...statuses: Status[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: 'Problem',
        content: { 'application/problem+json': { schema: ProblemDetails } },
      },
    ]),
  );

type Detail = Readonly<{ path: string; message: string }>;

const CODE_BY_FASTIFY_ERROR: Readonly<Record<string, HttpErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
};

const codeOf = (error: FastifyError): ErrorCode => {
  if (error instanceof DomainError || error instanceof ApplicationError) return error.code;
  if (error instanceof HttpError) return error.code;
  if (error.validation !== undefined) return 'validation_failed';
  const known = CODE_BY_FASTIFY_ERROR[error.code];
  if (known !== undefined) return known;
  return (error.statusCode ?? 500) < 500 ? 'bad_request' : 'internal_error';
};

/** Builds the problem document of a code. */
export const problemDocument = (code: ErrorCode, errors?: readonly Detail[]) => {
  const { status, title } = problemByCode[code];
  return { type: 'about:blank', title, status, code, ...(errors && { errors }) };
};

/** Sends the problem document of a code, with its status and without caching. */
export const sendProblem = (
  reply: FastifyReply,
  code: ErrorCode,
  errors?: readonly Detail[],
): FastifyReply => {
  const problem = problemDocument(code, errors);
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(problem);
};

/** Names the rejected places and the rules they break, never the values: they may be secret. */
const details = ({ validation }: FastifyError): readonly Detail[] | undefined =>
  validation
    // Ajv reports an unknown member twice: at its place, and at the object that does not allow it.
    ?.filter(({ keyword }) => keyword !== 'additionalProperties')
    .map(({ keyword, instancePath, message }) => ({
      path: instancePath === '' ? '/' : instancePath,
      message: keyword === 'boolean' ? 'is not a known member' : (message ?? 'is invalid'),
    }));

/** The type, code and stack of an error, without its message: it may quote what a user sent. */
const origin = (error: FastifyError) => ({
  type: error.name,
  code: error.code,
  stack: error.stack?.slice(error.stack.indexOf('\n    at ')),
});

/** Logs server errors and sets the response headers that belong to a refusal. @returns its code */
export const recordProblem = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): ErrorCode => {
  const code = codeOf(error);
  if (problemByCode[code].status >= 500) {
    const { cause } = error;
    request.log.error(
      {
        code,
        error: origin(error),
        ...(cause instanceof Error && { cause: { type: cause.name, message: cause.message } }),
      },
      'request failed',
    );
  }
  if (code === 'access_token_missing') void reply.header('www-authenticate', 'Bearer');
  if (code === 'access_token_invalid') {
    void reply.header('www-authenticate', 'Bearer error="invalid_token"');
  }
  if (code === 'step_up_required') {
    // RFC 9470, 3
    const challenge = `error="insufficient_user_authentication", max_age="${FRESH_SIGN_IN_SECONDS}"`;
    void reply.header('www-authenticate', `Bearer ${challenge}`);
  }
  const passes = error instanceof ApplicationError || error instanceof HttpError;
  if (passes && error.retryAfterSeconds !== undefined) {
    void reply.header('retry-after', error.retryAfterSeconds);
  }
  return code;
};

/** Answers every error and every unknown route of `app` with a problem document. */
export const registerProblemDetails = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply) =>
    sendProblem(reply, recordProblem(error, request, reply), details(error)),
  );
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'route_not_found'));
};
