import type { FastifyPluginAsync } from 'fastify';
import type { IntrospectToken } from '../../../application/sessions/introspect-token.ts';
import type { RevokeToken } from '../../../application/sessions/revoke-token.ts';
import type { RotateRefreshToken } from '../../../application/sessions/rotate-refresh-token.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { registerOAuthErrors } from './oauth-error-answers.ts';
import { registerFormParser } from './oauth-form-parser.ts';
import { oauthIntrospectionRoute } from './oauth-introspection-route.ts';
import { oauthMetadataRoute } from './oauth-metadata-route.ts';
import { oauthRevocationRoute } from './oauth-revocation-route.ts';
import { oauthTokenRoute } from './oauth-token-route.ts';
import type { RecogniseResourceServer } from './require-resource-server.ts';

export type OAuth = Readonly<{
  rotateRefreshToken: RotateRefreshToken;
  revokeToken: RevokeToken;
  introspectToken: IntrospectToken;
  recogniseResourceServer: RecogniseResourceServer;
}>;

/** Registers the OAuth endpoints: they accept forms, answer JSON and use the errors of RFC 6749. */
export const oauthRoutes =
  (
    { rotateRefreshToken, revokeToken, introspectToken }: OAuth,
    limits: RateLimits,
    publicUrl: string,
  ): FastifyPluginAsync =>
  async (app) => {
    await app.register(oauthMetadataRoute(publicUrl));
    await app.register(async (forms) => {
      registerOAuthErrors(forms);
      await registerFormParser(forms);
      // RFC 6749, 5.1; for errors, too.
      forms.addHook('onSend', async (_request, reply) => {
        void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      });
      await forms.register(oauthTokenRoute(rotateRefreshToken, limits));
      await forms.register(oauthRevocationRoute(revokeToken, limits));
      await forms.register(oauthIntrospectionRoute(introspectToken));
    });
  };
