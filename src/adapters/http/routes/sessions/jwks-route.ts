import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../../access/access-rules.ts';

/** The public signing keys as a JWK Set (RFC 7517, 5). */
export type ReadJwks = () => Readonly<{ keys: readonly object[] }>;

/** Short against the time between publication and use of a key, so caches know every used key. */
const CACHE_SECONDS = 300;

/** Registers GET /.well-known/jwks.json. */
export const jwksRoute =
  (readJwks: ReadJwks): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/.well-known/jwks.json',
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'readJwks',
          summary: 'Read the public keys that verify access tokens',
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
