import type { EventCodec } from './adapters/event-store/event-codec.ts';
import type { PostgresLog } from './adapters/event-store/postgres-log.ts';
import type { SubjectKeys } from './adapters/event-store/subject-keys.ts';
import type { HttpDependencies } from './adapters/http/fastify-app.ts';
import type { Database } from './adapters/postgres/connection.ts';
import type { PostgresAccessTokenDenylist } from './adapters/postgres/postgres-access-token-denylist.ts';
import type { createCleanup } from './adapters/projections/cleanup.ts';
import type { SigningKeyStore } from './adapters/tokens/signing-key-store.ts';
import type { SigningKeys } from './adapters/tokens/signing-keys.ts';
import type { CommandHandler } from './application/command-handler.ts';
import type { AccessTokens } from './application/ports/access-tokens.ts';
import type { AccountDirectory } from './application/ports/account-directory.ts';
import type { Clock } from './application/ports/clock.ts';
import type { EventStore } from './application/ports/event-store.ts';
import type { IdGenerator } from './application/ports/id-generator.ts';
import type { IdentifierRegistry } from './application/ports/identifier-registry.ts';
import type { PasswordHasher } from './application/ports/password-hasher.ts';
import type { ProjectionRebuilder } from './application/ports/projection-rebuilder.ts';
import type { RefreshContextLoader } from './application/ports/refresh-context-loader.ts';
import type { RefreshTokenCodec } from './application/ports/refresh-token-codec.ts';
import type { SessionDirectory } from './application/ports/session-directory.ts';
import type { UserDirectory } from './application/ports/user-directory.ts';
import type { PrepareSession } from './application/prepare-session.ts';
import type { RevokeTokenFamily } from './application/revoke-token-family.ts';
import type { IssueTokenPair } from './application/token-pair.ts';
import type { CreateAccount } from './application/use-cases/create-account.ts';
import type { DeactivateUser } from './application/use-cases/deactivate-user.ts';
import type { EndSessions } from './application/use-cases/end-sessions.ts';
import type { ReactivateUser } from './application/use-cases/reactivate-user.ts';
import type { ReadProfile } from './application/use-cases/read-profile.ts';
import type { ReplayTheft } from './application/use-cases/replay-theft.ts';

/** A token that carries its type, so whoever asks and whoever provides agree at compile time. */
declare const tokenType: unique symbol;
export type Token<T> = symbol & { readonly [tokenType]?: T };
const token = <T>(name: string) => Symbol(name) as unknown as Token<T>;

export const tokens = {
  // outbound
  database: token<Database>('Database'),
  clock: token<Clock>('Clock'),
  ids: token<IdGenerator>('IdGenerator'),
  codec: token<EventCodec>('EventCodec'),
  subjectKeys: token<SubjectKeys>('SubjectKeys'),
  eventStore: token<EventStore & PostgresLog>('EventStore'),
  loadRefreshContext: token<RefreshContextLoader>('RefreshContextLoader'),
  accounts: token<AccountDirectory>('AccountDirectory'),
  users: token<UserDirectory>('UserDirectory'),
  sessions: token<SessionDirectory>('SessionDirectory'),
  identifiers: token<IdentifierRegistry>('IdentifierRegistry'),
  denylist: token<PostgresAccessTokenDenylist>('AccessTokenDenylist'),
  passwords: token<PasswordHasher>('PasswordHasher'),
  refreshTokens: token<RefreshTokenCodec>('RefreshTokenCodec'),
  signingKeyStore: token<SigningKeyStore>('SigningKeyStore'),
  signingKeys: token<SigningKeys>('SigningKeys'),
  accessTokens: token<AccessTokens>('AccessTokens'),
  projections: token<ProjectionRebuilder>('ProjectionRebuilder'),
  cleanup: token<ReturnType<typeof createCleanup>>('Cleanup'),
  // the write path
  commands: token<CommandHandler>('CommandHandler'),
  prepareSession: token<PrepareSession>('PrepareSession'),
  issueTokenPair: token<IssueTokenPair>('IssueTokenPair'),
  revokeTokenFamily: token<RevokeTokenFamily>('RevokeTokenFamily'),
  // use cases
  createAccount: token<CreateAccount>('CreateAccount'),
  deactivateUser: token<DeactivateUser>('DeactivateUser'),
  reactivateUser: token<ReactivateUser>('ReactivateUser'),
  endSessions: token<EndSessions>('EndSessions'),
  readProfile: token<ReadProfile>('ReadProfile'),
  replayTheft: token<ReplayTheft>('ReplayTheft'),
  // inbound
  http: token<HttpDependencies>('HttpDependencies'),
} as const;
