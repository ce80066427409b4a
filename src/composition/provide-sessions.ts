import { createKnexSessionDirectory } from '../adapters/postgres/sessions/knex-session-directory.ts';
import { createPostgresAccessTokenDenylist } from '../adapters/postgres/sessions/postgres-access-token-denylist.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createHmacRefreshTokenCodec } from '../adapters/tokens/hmac-refresh-token-codec.ts';
import { createJoseAccessTokens } from '../adapters/tokens/jose-access-tokens.ts';
import { createAuthenticate } from '../application/sessions/authenticate.ts';
import { createEndSession } from '../application/sessions/end-session.ts';
import { createEndSessions } from '../application/sessions/end-sessions.ts';
import { createEndSessionsAlongWith } from '../application/sessions/end-sessions-along-with.ts';
import { createIntrospectToken } from '../application/sessions/introspect-token.ts';
import { createListSessions } from '../application/sessions/list-sessions.ts';
import { createPrepareSession } from '../application/sessions/prepare-session.ts';
import { createRevokeAccessToken } from '../application/sessions/revoke-access-token.ts';
import { createRevokeToken } from '../application/sessions/revoke-token.ts';
import { createRevokeTokenFamily } from '../application/sessions/revoke-token-family.ts';
import { createRotateRefreshToken } from '../application/sessions/rotate-refresh-token.ts';
import { createSignIn } from '../application/sessions/sign-in.ts';
import { createStoreAlongWithSessions } from '../application/sessions/store-along-with-sessions.ts';
import { createIssueTokenPair } from '../application/sessions/token-pair.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const providePorts: CompositionModule = (provide, { publicUrl, audience }, { masterKeys }) => {
  provide(tokens.sessions, (get) => createKnexSessionDirectory(get(tokens.database)));
  provide(tokens.denylist, (get) => createPostgresAccessTokenDenylist(get(tokens.database)));
  provide(tokens.refreshTokens, () =>
    createHmacRefreshTokenCodec(deriveKeyRing(masterKeys, 'refresh-tokens')),
  );
  provide(tokens.accessTokens, (get) =>
    createJoseAccessTokens({
      signingKeys: get(tokens.signingKeys),
      issuer: publicUrl,
      audience,
      clock: get(tokens.clock),
    }),
  );
};

const provideStart: CompositionModule = (provide, { session: policy }) => {
  provide(tokens.prepareSession, (get) =>
    createPrepareSession({
      commands: get(tokens.commands),
      refreshTokens: get(tokens.refreshTokens),
      ids: get(tokens.ids),
      policy,
    }),
  );
  provide(tokens.issueTokenPair, (get) =>
    createIssueTokenPair({
      accessTokens: get(tokens.accessTokens),
      refreshTokens: get(tokens.refreshTokens),
      accessTokenSeconds: policy.accessTokenSeconds,
    }),
  );
  provide(tokens.signIn, (get) =>
    createSignIn({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      passwords: get(tokens.passwords),
      prepareSession: get(tokens.prepareSession),
      issueTokenPair: get(tokens.issueTokenPair),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
      respondInConstantTime: get(tokens.respondInConstantTime),
      clock: get(tokens.clock),
      policy,
    }),
  );
  provide(tokens.rotateRefreshToken, (get) =>
    createRotateRefreshToken({
      commands: get(tokens.commands),
      loadRefreshContext: get(tokens.loadRefreshContext),
      accounts: get(tokens.accounts),
      refreshTokens: get(tokens.refreshTokens),
      issueTokenPair: get(tokens.issueTokenPair),
      endSessions: get(tokens.endSessions),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
      policy,
    }),
  );
};

const provideChecks: CompositionModule = (provide, { publicUrl, audience }) => {
  provide(tokens.authenticate, (get) =>
    createAuthenticate({
      accessTokens: get(tokens.accessTokens),
      denylist: get(tokens.denylist),
    }),
  );
  provide(tokens.listSessions, (get) =>
    createListSessions({ sessions: get(tokens.sessions), clock: get(tokens.clock) }),
  );
  provide(tokens.introspectToken, (get) =>
    createIntrospectToken({
      accessTokens: get(tokens.accessTokens),
      denylist: get(tokens.denylist),
      refreshTokens: get(tokens.refreshTokens),
      loadRefreshContext: get(tokens.loadRefreshContext),
      clock: get(tokens.clock),
      issuer: publicUrl,
      audience,
    }),
  );
};

const provideRevocation: CompositionModule = (provide) => {
  provide(tokens.revokeTokenFamily, (get) =>
    createRevokeTokenFamily({
      commands: get(tokens.commands),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.revokeAccessToken, (get) =>
    createRevokeAccessToken({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      sessions: get(tokens.sessions),
      denylist: get(tokens.denylist),
      clock: get(tokens.clock),
    }),
  );
  provide(tokens.revokeToken, (get) =>
    createRevokeToken({
      commands: get(tokens.commands),
      accessTokens: get(tokens.accessTokens),
      refreshTokens: get(tokens.refreshTokens),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
      revokeAccessToken: get(tokens.revokeAccessToken),
    }),
  );
};

const provideEnd: CompositionModule = (provide) => {
  provide(tokens.storeAlongWithSessions, (get) =>
    createStoreAlongWithSessions({
      commands: get(tokens.commands),
      denylist: get(tokens.denylist),
    }),
  );
  provide(tokens.endSessionsAlongWith, (get) =>
    createEndSessionsAlongWith({
      commands: get(tokens.commands),
      sessions: get(tokens.sessions),
      storeAlongWithSessions: get(tokens.storeAlongWithSessions),
    }),
  );
  provide(tokens.endSession, (get) =>
    createEndSession({
      sessions: get(tokens.sessions),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
    }),
  );
  provide(tokens.endSessions, (get) =>
    createEndSessions({
      sessions: get(tokens.sessions),
      revokeTokenFamily: get(tokens.revokeTokenFamily),
    }),
  );
};

/** Registers sign-in, refresh, introspection, revocation and the end of sessions. */
export const provideSessions: CompositionModule = (...args) => {
  providePorts(...args);
  provideStart(...args);
  provideChecks(...args);
  provideRevocation(...args);
  provideEnd(...args);
};
