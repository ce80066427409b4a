/** RFC 6749, 5.2, and what 4.1.2.1 has for a server that cannot answer; all stand in docs/catalogue.md. */
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
 * A refusal that only the OAuth endpoints know. The description is for people: printable ASCII without
 * quotes or backslashes (RFC 6749, 5.2), and nothing of what was sent.
 */
export class OAuthError extends Error {
  readonly problem: OAuthProblem;

  constructor(error: OAuthErrorCode, description: string, status = 400) {
    super(error);
    this.name = 'OAuthError';
    this.problem = { error, status, description };
  }
}
