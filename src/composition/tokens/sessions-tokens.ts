import type { PostgresAccessTokenDenylist } from '../../adapters/postgres/sessions/postgres-access-token-denylist.ts';
import type { AccessTokens } from '../../application/sessions/access-tokens.ts';
import type { Authenticate } from '../../application/sessions/authenticate.ts';
import type { EndSession } from '../../application/sessions/end-session.ts';
import type { EndSessions } from '../../application/sessions/end-sessions.ts';
import type { EndSessionsAlongWith } from '../../application/sessions/end-sessions-along-with.ts';
import type { IntrospectToken } from '../../application/sessions/introspect-token.ts';
import type { ListSessions } from '../../application/sessions/list-sessions.ts';
import type { PrepareSession } from '../../application/sessions/prepare-session.ts';
import type { RefreshContextLoader } from '../../application/sessions/refresh-context-loader.ts';
import type { RefreshTokenCodec } from '../../application/sessions/refresh-token-codec.ts';
import type { RevokeAccessToken } from '../../application/sessions/revoke-access-token.ts';
import type { RevokeToken } from '../../application/sessions/revoke-token.ts';
import type { RevokeTokenFamily } from '../../application/sessions/revoke-token-family.ts';
import type { RotateRefreshToken } from '../../application/sessions/rotate-refresh-token.ts';
import type { SessionDirectory } from '../../application/sessions/session-directory.ts';
import type { SignIn } from '../../application/sessions/sign-in.ts';
import type { StoreAlongWithSessions } from '../../application/sessions/store-along-with-sessions.ts';
import type { IssueTokenPair } from '../../application/sessions/token-pair.ts';
import { token } from './token.ts';

export const sessionsTokens = {
  sessions: token<SessionDirectory>('SessionDirectory'),
  denylist: token<PostgresAccessTokenDenylist>('AccessTokenDenylist'),
  refreshTokens: token<RefreshTokenCodec>('RefreshTokenCodec'),
  accessTokens: token<AccessTokens>('AccessTokens'),
  loadRefreshContext: token<RefreshContextLoader>('RefreshContextLoader'),
  prepareSession: token<PrepareSession>('PrepareSession'),
  issueTokenPair: token<IssueTokenPair>('IssueTokenPair'),
  revokeTokenFamily: token<RevokeTokenFamily>('RevokeTokenFamily'),
  storeAlongWithSessions: token<StoreAlongWithSessions>('StoreAlongWithSessions'),
  endSessionsAlongWith: token<EndSessionsAlongWith>('EndSessionsAlongWith'),
  authenticate: token<Authenticate>('Authenticate'),
  signIn: token<SignIn>('SignIn'),
  rotateRefreshToken: token<RotateRefreshToken>('RotateRefreshToken'),
  revokeAccessToken: token<RevokeAccessToken>('RevokeAccessToken'),
  endSessions: token<EndSessions>('EndSessions'),
  listSessions: token<ListSessions>('ListSessions'),
  endSession: token<EndSession>('EndSession'),
  revokeToken: token<RevokeToken>('RevokeToken'),
  introspectToken: token<IntrospectToken>('IntrospectToken'),
} as const;
