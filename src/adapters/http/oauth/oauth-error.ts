/**
 * The error codes of RFC 6749, 5.2, and those of 4.1.2.1 for a server that cannot answer.
 * docs/catalogue.md explains each.
 */
export const oauthErrorCodes = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unsupported_grant_type',
  'temporarily_unavailable',
  'server_error',
] as const;

export type OAuthErrorCode = (typeof oauthErrorCodes)[number];

type OAuthProblem = Readonly<{ error: OAuthErrorCode; status: number; description: string }>;

/**
 * A refusal that only the OAuth endpoints answer with. The description is for developers: printable
 * ASCII without double quotes or backslashes (RFC 6749, 5.2). It never quotes the request.
 */
export class OAuthError extends Error {
  readonly problem: OAuthProblem;

  constructor(error: OAuthErrorCode, description: string, status = 400) {
    super(error);
    this.name = 'OAuthError';
    this.problem = { error, status, description };
  }
}
