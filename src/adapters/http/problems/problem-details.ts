import { Type } from '@fastify/type-provider-typebox';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FRESH_SIGN_IN_SECONDS } from '../../../application/credentials/step-up.ts';
import { ApplicationError, type ApplicationErrorCode } from '../../../application/kernel/errors.ts';
import { DomainError, type DomainErrorCode } from '../../../domain/domain-error.ts';
import { HttpError, type HttpErrorCode } from './http-error.ts';

export type ErrorCode = ApplicationErrorCode | DomainErrorCode | HttpErrorCode;

type Problem = Readonly<{ status: number; title: string }>;

/** Exhaustive on purpose: a new code does not compile until someone decides its status. */
export const problemByCode: Readonly<Record<ErrorCode, Problem>> = {
  validation_failed: { status: 400, title: 'The request does not have the documented shape' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  bad_request: { status: 400, title: 'The request cannot be understood' },
  cursor_invalid: {
    status: 400,
    title: 'The cursor is not one of ours, or belongs to another list',
  },
  position_invalid: { status: 400, title: 'The position is not one of ours' },
  email_invalid: { status: 400, title: 'This is not an e-mail address' },
  username_invalid: {
    status: 400,
    title: 'A username has 3 to 32 letters, digits, dots, dashes or underscores',
  },
  display_name_invalid: { status: 400, title: 'A display name is one line of 1 to 100 characters' },
  household_name_invalid: {
    status: 400,
    title: 'A household name is one line of 1 to 100 characters',
  },
  password_too_short: { status: 400, title: 'A password has at least 8 characters' },
  password_too_long: { status: 400, title: 'A password has at most 128 characters' },
  password_too_common: { status: 400, title: 'This password is one of those tried first' },
  locale_invalid: { status: 400, title: 'A locale is a language tag such as de or en-GB' },
  record_invalid: { status: 400, title: 'The table itself does not take such a record' },
  reference_not_found: {
    status: 400,
    title: 'What the body refers to is not in the household',
  },
  token_invalid: { status: 400, title: 'The token is not, or no longer, valid' },
  access_token_missing: { status: 401, title: 'This needs an access token' },
  access_token_invalid: { status: 401, title: 'The access token is not, or no longer, valid' },
  invalid_credentials: { status: 401, title: 'Identifier and password do not match' },
  refresh_token_invalid: { status: 401, title: 'The refresh token is not, or no longer, valid' },
  refresh_token_reused: { status: 401, title: 'The refresh token was used before' },
  step_up_required: {
    status: 401,
    title: 'This needs the current password, or a sign-in not older than five minutes',
  },
  admin_required: { status: 403, title: 'This is for administrators' },
  user_deactivated: { status: 403, title: 'The account is deactivated' },
  household_required: { status: 403, title: 'This needs a household to act in' },
  tier_insufficient: { status: 403, title: 'This needs another tier' },
  household_role_insufficient: { status: 403, title: 'Your role in the household is not enough' },
  invitation_for_other_address: { status: 403, title: 'Another address was invited' },
  email_not_verified: { status: 403, title: 'This needs a proven e-mail address' },
  household_not_found: { status: 404, title: 'You are a member of no such household' },
  member_not_found: { status: 404, title: 'The household has no such member' },
  invitation_not_found: { status: 404, title: 'The household has no such invitation' },
  route_not_found: { status: 404, title: 'There is nothing here' },
  session_not_found: { status: 404, title: 'There is no such session' },
  access_token_not_found: { status: 404, title: 'There is no such access token' },
  theft_not_found: {
    status: 404,
    title: 'Nobody has stolen this session, as far as the log knows',
  },
  user_not_found: { status: 404, title: 'There is no such user' },
  record_not_found: { status: 404, title: 'There is no such record in the household' },
  resource_server_not_found: { status: 404, title: 'There is no such resource server' },
  identifier_taken: { status: 409, title: 'The e-mail address or username belongs to an account' },
  user_exists: { status: 409, title: 'The user exists already' },
  household_exists: { status: 409, title: 'The household exists already' },
  household_full: { status: 409, title: 'The household takes no more members' },
  home_household_must_stay: { status: 409, title: 'Somebody comes home to this household' },
  owner_must_stay: { status: 409, title: 'The owner transfers the household before leaving' },
  already_invited: { status: 409, title: 'The address is invited already' },
  too_many_invitations: { status: 409, title: 'Too many invitations are open, or were sent' },
  session_exists: { status: 409, title: 'The session exists already' },
  credentials_changed: { status: 409, title: 'The password has changed in the meantime' },
  too_many_email_changes: { status: 409, title: 'The address was changed too often lately' },
  not_a_guest: { status: 409, title: 'Only guests can be upgraded' },
  resource_server_exists: { status: 409, title: 'Another resource server has this name' },
  account_incomplete: { status: 409, title: 'The account has no credentials of its own yet' },
  last_admin: { status: 409, title: 'The last active administrator has to stay' },
  concurrent_update: { status: 409, title: 'Too many changes at the same time' },
  user_in_use: { status: 409, title: 'Other tables refer to this user' },
  record_in_use: { status: 409, title: 'Other records refer to this one' },
  rebuild_running: { status: 409, title: 'Another rebuild or verification is running' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has to be application/json' },
  invitation_limit_reached: { status: 429, title: 'You have invited too often lately' },
  too_many_access_tokens: { status: 429, title: 'The session has too many access tokens alive' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  server_busy: { status: 503, title: 'Too many requests are waiting' },
  position_not_reached: { status: 503, title: 'The tables are not that far yet' },
  service_unavailable: { status: 503, title: 'The service is not available for the moment' },
};

/** RFC 9457, with a stable `code` for programs. */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable; see the catalogue of codes.' }),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String({ description: 'JSON pointer into the request' }),
        message: Type.String(),
      }),
    ),
  ),
});

/** Response schemas for the problems a route may answer with. */
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

export const problemDocument = (code: ErrorCode, errors?: readonly Detail[]) => {
  const { status, title } = problemByCode[code];
  return { type: 'about:blank', title, status, code, ...(errors && { errors }) };
};

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

/** Places and rules only: never the values, they may be secret. */
const details = ({ validation }: FastifyError): readonly Detail[] | undefined =>
  validation
    // An unknown member is reported twice: where it is, and by the object that does not want it.
    ?.filter(({ keyword }) => keyword !== 'additionalProperties')
    .map(({ keyword, instancePath, message }) => ({
      path: instancePath === '' ? '/' : instancePath,
      message: keyword === 'boolean' ? 'is not a known member' : (message ?? 'is invalid'),
    }));

/** Where an error came from, without its message: that may quote what a user sent. */
const origin = (error: FastifyError) => ({
  type: error.name,
  code: error.code,
  stack: error.stack?.slice(error.stack.indexOf('\n    at ')),
});

/** Logs what is our own fault and sets the headers that go with a refusal. @returns its code */
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

export const registerProblemDetails = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply) =>
    sendProblem(reply, recordProblem(error, request, reply), details(error)),
  );
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'route_not_found'));
};
