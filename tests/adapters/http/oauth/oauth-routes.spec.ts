import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import {
  type AccessChecks,
  registerAccess,
} from '../../../../src/adapters/http/access/enforce-access.ts';
import {
  createRateLimits,
  type RateLimiter,
} from '../../../../src/adapters/http/access/rate-limits.ts';
import { oauthRoutes } from '../../../../src/adapters/http/oauth/oauth-routes.ts';
import { requireResourceServer } from '../../../../src/adapters/http/oauth/require-resource-server.ts';
import { registerProblemDetails } from '../../../../src/adapters/http/problems/problem-details.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import type { Answer } from '../../../support/servers/http-client.ts';
import { PUBLIC_URL } from '../../../support/servers/running-app.ts';
import { expectOAuthError } from '../../../support/sessions/expect-oauth-error.ts';
import { basic } from '../../../support/sessions/oauth-client.ts';

const FILES = { id: 'rs_files', secret: 'secret' };

/** A rate limiter whose limits are all used up. */
const createUsedUpLimiter = (counted: string[]): RateLimiter => ({
  consume: async (key) => {
    counted.push(key);
    return { allowed: false, retryAfterSeconds: 42 };
  },
});

type Options = Readonly<{ refusal?: Error; limiter?: RateLimiter }>;

/** The endpoints with a refused refresh token and one known resource server. Opens no socket. */
const startOAuth = async ({
  refusal = new ApplicationError('refresh_token_invalid'),
  limiter,
}: Options = {}) => {
  const app = fastify();
  registerProblemDetails(app);
  const oauth = {
    rotateRefreshToken: () => Promise.reject(refusal),
    revokeToken: async () => undefined,
    introspectToken: async () => ({ active: false }) as const,
    recogniseResourceServer: async (id: string, secret: string) =>
      id === FILES.id && secret === FILES.secret,
  };
  const limits = createRateLimits(limiter);
  registerAccess(app, {
    requireResourceServer: requireResourceServer(oauth.recogniseResourceServer, limits.oauth),
  } as AccessChecks);
  await app.register(oauthRoutes(oauth, limits, PUBLIC_URL));
  return async (path: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: 'grant_type=refresh_token&refresh_token=x&token=x',
    });
    const { statusCode: status, payload: text } = answer;
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status, text, json, headers: answer.headers } as Answer;
  };
};

describe('a network that has used up the rate limit of an endpoint', () => {
  it.each(['/oauth2/token', '/oauth2/revoke', '/oauth2/introspect'])(
    'gets an OAuth error with Retry-After: %s',
    async (path) => {
      const counted: string[] = [];
      const post = await startOAuth({ limiter: createUsedUpLimiter(counted) });

      const answer = await post(path);

      expectOAuthError(answer, 'temporarily_unavailable', 429);
      expect(answer.headers['retry-after']).toBe('42');
      expect(counted).toStrictEqual([`network:POST ${path}:127.0.0.1`]);
    },
  );

  it('does not affect known resource servers, whose requests are not counted', async () => {
    const counted: string[] = [];
    const post = await startOAuth({ limiter: createUsedUpLimiter(counted) });

    const { status } = await post('/oauth2/introspect', { authorization: basic(FILES) });

    expect({ status, counted }).toStrictEqual({ status: 200, counted: [] });
  });
});

describe('an OAuth endpoint whose use case fails', () => {
  it.each(['server_busy', 'service_unavailable'] as const)(
    'answers with Retry-After: %s',
    async (code) => {
      const post = await startOAuth({
        refusal: new ApplicationError(code, { retryAfterSeconds: 7 }),
      });

      const answer = await post('/oauth2/token');

      expectOAuthError(answer, 'temporarily_unavailable', 503);
      expect(answer.headers['retry-after']).toBe('7');
    },
  );

  it('answers temporarily_unavailable after a concurrent_update', async () => {
    const post = await startOAuth({ refusal: new ApplicationError('concurrent_update') });

    expectOAuthError(await post('/oauth2/token'), 'temporarily_unavailable', 503);
  });

  it('answers server_error without the message of an unexpected error', async () => {
    const post = await startOAuth({ refusal: new TypeError('a secret') });

    expectOAuthError(await post('/oauth2/token'), 'server_error', 500);
  });
});
