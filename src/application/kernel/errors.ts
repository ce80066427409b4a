/** The reason of a refusal. Stable, as clients switch on it; docs/catalogue.md lists every code. */
export type ApplicationErrorCode =
  | 'invalid_credentials'
  | 'identifier_taken'
  | 'password_too_common'
  | 'token_invalid'
  | 'step_up_required'
  | 'admin_required'
  | 'tier_insufficient'
  | 'last_admin'
  | 'invitation_limit_reached'
  | 'email_not_verified'
  | 'access_token_invalid'
  | 'access_token_not_found'
  | 'refresh_token_invalid'
  | 'refresh_token_reused'
  | 'session_not_found'
  | 'theft_not_found'
  | 'user_not_found'
  | 'resource_server_exists'
  | 'resource_server_not_found'
  | 'household_required'
  | 'record_not_found'
  | 'reference_not_found'
  | 'record_in_use'
  | 'user_in_use'
  | 'record_invalid'
  | 'concurrent_update'
  | 'rebuild_running'
  | 'server_busy'
  | 'service_unavailable';

type Options = ErrorOptions & { retryAfterSeconds?: number };

/** A request that a use case refuses, or that cannot be served now. */
export class ApplicationError extends Error {
  readonly code: ApplicationErrorCode;
  /** Seconds after which a retry may succeed; only for refusals that pass with time. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ApplicationErrorCode, { retryAfterSeconds, ...options }: Options = {}) {
    super(code, options);
    this.name = 'ApplicationError';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
