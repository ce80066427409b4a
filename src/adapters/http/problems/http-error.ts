/** Refusals that only HTTP knows. Stable; every code stands in docs/catalogue.md. */
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

/** A refusal that is HTTP's own business. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  /** When it makes sense to try again; only for refusals that pass by themselves. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: HttpErrorCode, { retryAfterSeconds }: Options = {}) {
    super(code);
    this.name = 'HttpError';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
