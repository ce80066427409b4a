/** Error codes that only the HTTP layer answers with. Stable; docs/catalogue.md explains each. */
export type HttpErrorCode =
  | 'validation_failed'
  | 'malformed_json'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'bad_request'
  | 'cursor_invalid'
  | 'position_invalid'
  | 'position_not_reached'
  | 'access_token_missing'
  | 'route_not_found'
  | 'rate_limited'
  | 'internal_error';

type Options = Readonly<{ retryAfterSeconds?: number }>;

/** A refusal by the HTTP layer itself, as opposed to the application or the domain. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  /** Seconds after which the client may try again; only for temporary refusals. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: HttpErrorCode, { retryAfterSeconds }: Options = {}) {
    super(code);
    this.name = 'HttpError';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
