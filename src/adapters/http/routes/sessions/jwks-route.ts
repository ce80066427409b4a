import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../../access/access-rules.ts';

/** The public signing keys, as a JWK Set (RFC 7517, 5). */
export type ReadJwks = () => Readonly<{ keys: readonly object[] }>;

/** A key is published long before it signs, so that caching cannot make a token unverifiable. */
const CACHE_SECONDS = 300;

/** GET /.well-known/jwks.json */
export const jwksRoute =
  (readJwks: ReadJwks): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/.well-known/jwks.json',
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'readJwks',
          summary: 'The public keys that access tokens are verified with',
          tags: ['operations'],
          response: {
            200: Type.Object({
              keys: Type.Array(Type.Object({}, { additionalProperties: true })),
            }),
          },
        },
      },
      async (_request, reply) => {
        void reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`);
        return { keys: [...readJwks().keys] };
      },
    );
  };
