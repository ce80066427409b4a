import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { ANONYMOUS } from '../access/access-rules.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
/** The metadata changes only with a new version or another configuration. */
const CACHE_SECONDS = 300;

const Urls = Type.Array(Type.String());

const Metadata = Type.Object({
  issuer: Type.String(),
  token_endpoint: Type.String(),
  revocation_endpoint: Type.String(),
  introspection_endpoint: Type.String(),
  jwks_uri: Type.String(),
  grant_types_supported: Urls,
  response_types_supported: Urls,
  token_endpoint_auth_methods_supported: Urls,
  revocation_endpoint_auth_methods_supported: Urls,
  introspection_endpoint_auth_methods_supported: Urls,
  service_documentation: Type.String(),
});

/** Latchkey has no authorization endpoint, hence the metadata names no response type. */
const metadataOf = (issuer: string) => ({
  issuer,
  token_endpoint: `${issuer}/oauth2/token`,
  revocation_endpoint: `${issuer}/oauth2/revoke`,
  introspection_endpoint: `${issuer}/oauth2/introspect`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  grant_types_supported: ['refresh_token'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  service_documentation: `${issuer}/docs`,
});

/**
 * Registers GET /.well-known/oauth-authorization-server (RFC 8414, 3).
 *
 * The issuer is `publicUrl`, whatever host the request names. If it has a path, clients append that
 * path to the well-known one (3.1), at the root of the host: a proxy that serves Latchkey below a path
 * must pass this request on unchanged. The route without the path is answered, too, for a proxy that
 * strips it as it does from every other request.
 */
export const oauthMetadataRoute =
  (publicUrl: string): FastifyPluginAsyncTypebox =>
  async (app) => {
    const metadata = metadataOf(publicUrl);
    const headers = { 'cache-control': `public, max-age=${CACHE_SECONDS}` };

    app.get(
      WELL_KNOWN,
      {
        config: { access: ANONYMOUS },
        schema: {
          operationId: 'readOAuthMetadata',
          summary: 'Read the authorization server metadata (RFC 8414)',
          tags: ['oauth'],
          response: { 200: Metadata },
        },
      },
      async (_request, reply) => {
        void reply.headers(headers);
        return metadata;
      },
    );

    const { pathname } = new URL(publicUrl);
    if (pathname === '/') return;
    // A wildcard, because the path could contain characters that are special in a route pattern.
    app.get(
      `${WELL_KNOWN}/*`,
      { config: { access: ANONYMOUS }, schema: { hide: true } },
      async (request, reply) => {
        const [path] = request.url.split('?');
        if (path !== WELL_KNOWN + pathname) return reply.callNotFound();
        return reply.headers(headers).send(metadata);
      },
    );
  };
