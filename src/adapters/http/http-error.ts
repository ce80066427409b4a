/** Refusals that only HTTP knows. Stable; every code stands in docs/catalogue.md. */
export type HttpErrorCode =
  | 'validation_failed'
  | 'malformed_json'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'bad_request'
  | 'access_token_missing'
  | 'route_not_found'
  | 'internal_error';

/** A refusal that is HTTP's own business. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode) {
    super(code);
    this.name = 'HttpError';
    this.code = code;
  }
}
