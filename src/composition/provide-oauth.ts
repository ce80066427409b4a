import { createPostgresResourceServerDirectory } from '../adapters/postgres/sessions/postgres-resource-server-directory.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers the OAuth endpoints and the resource servers that may introspect tokens. */
export const provideOAuth: CompositionModule = (provide) => {
  provide(tokens.resourceServers, (get) =>
    createPostgresResourceServerDirectory(get(tokens.database)),
  );
  provide(tokens.oauth, (get) => ({
    rotateRefreshToken: get(tokens.rotateRefreshToken),
    revokeToken: get(tokens.revokeToken),
    introspectToken: get(tokens.introspectToken),
    recogniseResourceServer: get(tokens.resourceServers).recognises,
  }));
};
