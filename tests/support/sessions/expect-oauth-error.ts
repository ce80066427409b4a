import { expect } from 'vitest';
import type { OAuthErrorCode } from '../../../src/adapters/http/oauth/oauth-error.ts';
import type { Answer } from '../servers/http-client.ts';

/** Asserts a complete error of RFC 6749, 5.2, without other members and not cacheable. */
export const expectOAuthError = (answer: Answer, error: OAuthErrorCode, status = 400): void => {
  expect(answer.json).toStrictEqual({
    error,
    error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    pragma: 'no-cache',
  });
};
