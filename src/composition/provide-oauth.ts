import { createPostgresResourceServerDirectory } from '../adapters/postgres/sessions/postgres-resource-server-directory.ts';
import { createIntrospectToken } from '../application/sessions/introspect-token.ts';
import { createRevokeToken } from '../application/sessions/revoke-token.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** What ordinary OAuth clients are served with, and the servers that may ask about tokens. */
export const provideOAuth: CompositionModule = (provide, { publicUrl, audience }) => {
  provide(tokens.resourceServers, (get) =>
    createPostgresResourceServerDirectory(get(tokens.database)),
  );
  provide(tokens.oauth, (get) => ({
    rotateRefreshToken: get(tokens.rotateRefreshToken),
    revokeToken: createRevokeToken({
      commands: get(tokens.commands),
      accessTokens: get(tokens.accessTokens),
      refreshTokens: get(tokens.refreshTokens),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
      revokeAccessToken: get(tokens.revokeAccessToken),
    }),
    introspectToken: createIntrospectToken({
      accessTokens: get(tokens.accessTokens),
      denylist: get(tokens.denylist),
      refreshTokens: get(tokens.refreshTokens),
      loadRefreshContext: get(tokens.loadRefreshContext),
      clock: get(tokens.clock),
      issuer: publicUrl,
      audience,
    }),
    recogniseResourceServer: get(tokens.resourceServers).recognises,
  }));
};
