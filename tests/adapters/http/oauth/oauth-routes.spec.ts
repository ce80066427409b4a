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

/** Everybody has used up whatever there was. */
const createUsedUpLimiter = (counted: string[]): RateLimiter => ({
  consume: async (key) => {
    counted.push(key);
    return { allowed: false, retryAfterSeconds: 42 };
  },
});

type Options = Readonly<{ refusal?: Error; limiter?: RateLimiter }>;

/** The endpoints over a refresh token that is refused, and one known server. Opens no socket. */
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

describe('when a network has used up what an endpoint allows', () => {
  it.each(['/oauth2/token', '/oauth2/revoke', '/oauth2/introspect'])(
    'is told to wait, as OAuth has it: %s',
    async (path) => {
      const counted: string[] = [];
      const post = await startOAuth({ limiter: createUsedUpLimiter(counted) });

      const answer = await post(path);

      expectOAuthError(answer, 'temporarily_unavailable', 429);
      expect(answer.headers['retry-after']).toBe('42');
      expect(counted).toStrictEqual([`network:POST ${path}:127.0.0.1`]);
    },
  );

  it('leaves known servers alone, and does not even count them', async () => {
    const counted: string[] = [];
    const post = await startOAuth({ limiter: createUsedUpLimiter(counted) });

    const { status } = await post('/oauth2/introspect', { authorization: basic(FILES) });

    expect({ status, counted }).toStrictEqual({ status: 200, counted: [] });
  });
});

describe('when the service cannot answer for now', () => {
  it.each(['server_busy', 'service_unavailable'] as const)(
    'says when to come back: %s',
    async (code) => {
      const post = await startOAuth({
        refusal: new ApplicationError(code, { retryAfterSeconds: 7 }),
      });

      const answer = await post('/oauth2/token');

      expectOAuthError(answer, 'temporarily_unavailable', 503);
      expect(answer.headers['retry-after']).toBe('7');
    },
  );

  it('asks for patience when others were faster a hundred times', async () => {
    const post = await startOAuth({ refusal: new ApplicationError('concurrent_update') });

    expectOAuthError(await post('/oauth2/token'), 'temporarily_unavailable', 503);
  });

  it('tells nothing of a fault of its own', async () => {
    const post = await startOAuth({ refusal: new TypeError('a secret') });

    expectOAuthError(await post('/oauth2/token'), 'server_error', 500);
  });
});
