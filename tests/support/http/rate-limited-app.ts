import fastify, { type FastifyInstance } from 'fastify';
import type { RateLimitHook } from '../../../src/adapters/http/access/rate-limits.ts';
import { registerClaims } from '../../../src/adapters/http/access/require-access-token.ts';
import { registerJsonBodyParser } from '../../../src/adapters/http/app/json-body-parser.ts';
import { registerProblemDetails } from '../../../src/adapters/http/problems/problem-details.ts';
import type { Answer, Call } from '../servers/http-client.ts';

type Options = Readonly<{
  trustedProxies?: readonly string[];
  /** The user id in the access token of the request. */
  user?: string;
}>;

type Sent = Pick<Call, 'body' | 'headers'> & Readonly<{ from?: string }>;

export type RateLimitedApp = Readonly<{
  post(path: string, sent?: Sent): Promise<Answer>;
}>;

/** Two routes that only apply limits, `POST /things/:id` and `POST /others`. Opens no socket. */
export const createRateLimitedApp = (
  preHandler: RateLimitHook,
  { trustedProxies, user }: Options = {},
): RateLimitedApp => {
  const app: FastifyInstance = fastify({
    trustProxy: trustedProxies === undefined ? false : [...trustedProxies],
  });
  registerProblemDetails(app);
  registerJsonBodyParser(app);
  registerClaims(app);
  app.addHook('onRequest', async (request) => {
    if (user !== undefined) Object.assign(request, { claims: { sub: user } });
  });
  const answer = async () => ({ passed: true });
  app.post('/things/:id', { preHandler }, answer);
  app.post('/others', { preHandler }, answer);

  return {
    post: async (url, { body, headers = {}, from = '203.0.113.9' } = {}) => {
      const { statusCode, payload, ...sent } = await app.inject({
        method: 'POST',
        url,
        remoteAddress: from,
        ...(body === undefined
          ? { headers }
          : {
              headers: { 'content-type': 'application/json', ...headers },
              payload: JSON.stringify(body),
            }),
      });
      const json: unknown = JSON.parse(payload);
      return { status: statusCode, headers: sent.headers, text: payload, json } as Answer;
    },
  };
};
