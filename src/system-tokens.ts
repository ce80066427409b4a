import type { Audit } from './adapters/cli/with-audit.ts';
import type { EventCodec } from './adapters/event-store/event-codec.ts';
import type { EventStoreDb } from './adapters/event-store/eventstoredb/eventstoredb.ts';
import type { PostgresLog } from './adapters/event-store/postgres/postgres-log.ts';
import type { SubjectKeys } from './adapters/event-store/subject-keys.ts';
import type { CheckIsolation } from './adapters/household-data/isolation-check.ts';
import type { HttpDependencies } from './adapters/http/fastify-app.ts';
import type { ListCursors } from './adapters/http/list-cursor.ts';
import type { OAuth } from './adapters/http/oauth/oauth-routes.ts';
import type { RequestPositions } from './adapters/http/request-positions.ts';
import type { Administration } from './adapters/http/routes/admin-routes.ts';
import type { Credentials } from './adapters/http/routes/credentials-routes.ts';
import type { HouseholdTables } from './adapters/http/routes/household-data-routes.ts';
import type { HouseholdMembers } from './adapters/http/routes/household-member-routes.ts';
import type { Households } from './adapters/http/routes/household-routes.ts';
import type { Invitations } from './adapters/http/routes/invitation-routes.ts';
import type { Registration } from './adapters/http/routes/register-user-route.ts';
import type { SmtpMailer } from './adapters/mail/smtp-mailer.ts';
import type { Database, Queryable } from './adapters/postgres/connection.ts';
import type { PostgresAccessTokenDenylist } from './adapters/postgres/postgres-access-token-denylist.ts';
import type { DevelopmentOutbox } from './adapters/postgres/postgres-development-outbox.ts';
import type { PostgresInvitationAddresses } from './adapters/postgres/postgres-invitation-directory.ts';
import type { PostgresRateLimiter } from './adapters/postgres/postgres-rate-limiter.ts';
import type { createCleanup } from './adapters/projections/cleanup.ts';
import type { SigningKeyStore } from './adapters/tokens/signing-key-store.ts';
import type { SigningKeys } from './adapters/tokens/signing-keys.ts';
import type { ClaimWishedIdentifiers } from './application/accounts/claim-wished-identifiers.ts';
import type { OneTimeTokens } from './application/accounts/one-time-tokens.ts';
import type { PrepareAccount } from './application/accounts/prepare-account.ts';
import type { AdoptDatabase } from './application/adopting/adopt-database.ts';
import type { AdoptionAftermath } from './application/adopting/adoption-aftermath.ts';
import type { LogEvidence } from './application/auditing/evidence/log-evidence.ts';
import type { Explanations } from './application/auditing/explanation/explanations.ts';
import type { Histories } from './application/auditing/history/histories.ts';
import type { FindBlastRadius } from './application/auditing/theft/find-blast-radius.ts';
import type { ListThefts } from './application/auditing/theft/list-thefts.ts';
import type { ReplayTheft } from './application/auditing/theft/replay-theft.ts';
import type { TheftReports } from './application/auditing/theft/theft-report.ts';
import type { ApplyUndo } from './application/auditing/undo/apply-undo.ts';
import type { ProposeUndo } from './application/auditing/undo/propose-undo.ts';
import type { CommandHandler } from './application/command-handler.ts';
import type { AcceptPassword } from './application/guards/accept-password.ts';
import type { KeepAnAdmin } from './application/guards/keep-an-admin.ts';
import type { RequireAdmin } from './application/guards/require-admin.ts';
import type { StepUp } from './application/guards/step-up.ts';
import type { TakeAsLong } from './application/guards/take-as-long.ts';
import type { EndMembershipsAlongWith } from './application/households/end-memberships-along-with.ts';
import type { OpenInvitation } from './application/households/open-invitation.ts';
import type { KeepCheckpoints } from './application/policies/keep-checkpoints.ts';
import type { SendAccountMails } from './application/policies/send-account-mails.ts';
import type { AccessTokens } from './application/ports/access-tokens.ts';
import type { AccountDirectory } from './application/ports/account-directory.ts';
import type { AddressHasher } from './application/ports/address-hasher.ts';
import type { AuditDirectory } from './application/ports/audit-directory.ts';
import type { Clock } from './application/ports/clock.ts';
import type { EventDirectory } from './application/ports/event-directory.ts';
import type { EventStore } from './application/ports/event-store.ts';
import type { EvidenceSigner } from './application/ports/evidence-signer.ts';
import type { ExclusiveSection } from './application/ports/exclusive-section.ts';
import type { HouseholdDirectory } from './application/ports/household-directory.ts';
import type { HouseholdScope } from './application/ports/household-scope.ts';
import type { IdGenerator } from './application/ports/id-generator.ts';
import type { IdentifierClaims } from './application/ports/identifier-claims.ts';
import type { IdentifierRegistry } from './application/ports/identifier-registry.ts';
import type { ImportDirectory } from './application/ports/import-directory.ts';
import type { InvitationDirectory } from './application/ports/invitation-directory.ts';
import type { LogCheckpoints } from './application/ports/log-checkpoints.ts';
import type { CopyLog } from './application/ports/log-copy.ts';
import type { LogHold } from './application/ports/log-hold.ts';
import type { MailQueue } from './application/ports/mail-queue.ts';
import type { OneTimeTokenCodec } from './application/ports/one-time-token-codec.ts';
import type { OneTimeTokenDirectory } from './application/ports/one-time-token-directory.ts';
import type { PasswordBlocklist } from './application/ports/password-blocklist.ts';
import type { PasswordHasher } from './application/ports/password-hasher.ts';
import type { Pause } from './application/ports/pause.ts';
import type { ProjectionRebuilder } from './application/ports/projection-rebuilder.ts';
import type { RefreshContextLoader } from './application/ports/refresh-context-loader.ts';
import type { RefreshTokenCodec } from './application/ports/refresh-token-codec.ts';
import type { ReleaseMembers } from './application/ports/release-members.ts';
import type { ResourceServerDirectory } from './application/ports/resource-server-directory.ts';
import type { SessionDirectory } from './application/ports/session-directory.ts';
import type { SingleRunner } from './application/ports/single-runner.ts';
import type { StoredLog } from './application/ports/stored-log.ts';
import type { UserAdministrationDirectory } from './application/ports/user-administration-directory.ts';
import type { UserDirectory } from './application/ports/user-directory.ts';
import type { OpenRebuildSource } from './application/projections/rebuild-source.ts';
import type { EndSessionsAlongWith } from './application/sessions/end-sessions-along-with.ts';
import type { PrepareSession } from './application/sessions/prepare-session.ts';
import type { RevokeTokenFamily } from './application/sessions/revoke-token-family.ts';
import type { StoreAlongWithSessions } from './application/sessions/store-along-with-sessions.ts';
import type { IssueTokenPair } from './application/sessions/token-pair.ts';
import type { AcceptInvitation } from './application/use-cases/accept-invitation.ts';
import type { AcceptInvitationByMail } from './application/use-cases/accept-invitation-by-mail.ts';
import type { Authenticate } from './application/use-cases/authenticate.ts';
import type { ChangeRole } from './application/use-cases/change-role.ts';
import type { ChangeTier } from './application/use-cases/change-tier.ts';
import type { CreateAccount } from './application/use-cases/create-account.ts';
import type { DeactivateUser } from './application/use-cases/deactivate-user.ts';
import type { DeclineInvitation } from './application/use-cases/decline-invitation.ts';
import type { EndSessions } from './application/use-cases/end-sessions.ts';
import type { EraseAccount } from './application/use-cases/erase-account.ts';
import type { EraseUser } from './application/use-cases/erase-user.ts';
import type { ImportUsers } from './application/use-cases/import-users.ts';
import type { ReactivateUser } from './application/use-cases/reactivate-user.ts';
import type { ReadHousehold } from './application/use-cases/read-household.ts';
import type { ReadInvitation } from './application/use-cases/read-invitation.ts';
import type { ReadProfile } from './application/use-cases/read-profile.ts';
import type { RequestEmailVerification } from './application/use-cases/request-email-verification.ts';
import type { RequestPasswordReset } from './application/use-cases/request-password-reset.ts';
import type { ResetPassword } from './application/use-cases/reset-password.ts';
import type { RevokeAccessToken } from './application/use-cases/revoke-access-token.ts';
import type { RotateRefreshToken } from './application/use-cases/rotate-refresh-token.ts';
import type { SignIn } from './application/use-cases/sign-in.ts';
import type { StartGuestSession } from './application/use-cases/start-guest-session.ts';
import type { SwitchHousehold } from './application/use-cases/switch-household.ts';
import type { UnlockUser } from './application/use-cases/unlock-user.ts';
import type { UpgradeGuest } from './application/use-cases/upgrade-guest.ts';
import type { UseEmailLink } from './application/use-cases/use-email-link.ts';

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
  eventStore: token<EventStore>('EventStore'),
  postgresEventStore: token<EventStore & PostgresLog>('PostgresEventStore'),
  logHold: token<LogHold>('LogHold'),
  /** Undefined where the log is in PostgreSQL. */
  eventStoreDb: token<EventStoreDb | undefined>('EventStoreDb'),
  /** Provided where EventStoreDB is configured. */
  copyLog: token<CopyLog>('CopyLog'),
  openRebuildSource: token<OpenRebuildSource<Queryable>>('OpenRebuildSource'),
  importDirectory: token<ImportDirectory>('ImportDirectory'),
  requestPositions: token<RequestPositions>('RequestPositions'),
  loadRefreshContext: token<RefreshContextLoader>('RefreshContextLoader'),
  accounts: token<AccountDirectory>('AccountDirectory'),
  users: token<UserDirectory>('UserDirectory'),
  administeredUsers: token<UserAdministrationDirectory>('UserAdministrationDirectory'),
  events: token<EventDirectory>('EventDirectory'),
  histories: token<Histories>('Histories'),
  explanations: token<Explanations>('Explanations'),
  auditDirectory: token<AuditDirectory>('AuditDirectory'),
  sessions: token<SessionDirectory>('SessionDirectory'),
  resourceServers: token<ResourceServerDirectory>('ResourceServerDirectory'),
  releaseMembers: token<ReleaseMembers>('ReleaseMembers'),
  householdDirectory: token<HouseholdDirectory>('HouseholdDirectory'),
  invitationDirectory: token<InvitationDirectory>('InvitationDirectory'),
  invitationAddresses: token<PostgresInvitationAddresses>('InvitationAddresses'),
  hashAddress: token<AddressHasher>('AddressHasher'),
  identifierClaims: token<IdentifierClaims>('IdentifierClaims'),
  identifiers: token<IdentifierRegistry>('IdentifierRegistry'),
  denylist: token<PostgresAccessTokenDenylist>('AccessTokenDenylist'),
  passwords: token<PasswordHasher>('PasswordHasher'),
  passwordBlocklist: token<PasswordBlocklist>('PasswordBlocklist'),
  oneTimeTokenCodec: token<OneTimeTokenCodec>('OneTimeTokenCodec'),
  oneTimeTokenDirectory: token<OneTimeTokenDirectory>('OneTimeTokenDirectory'),
  pause: token<Pause>('Pause'),
  exclusively: token<ExclusiveSection>('ExclusiveSection'),
  runAlone: token<SingleRunner>('SingleRunner'),
  rateLimiter: token<PostgresRateLimiter>('RateLimiter'),
  mailQueue: token<MailQueue>('MailQueue'),
  smtpMailer: token<SmtpMailer | undefined>('SmtpMailer'),
  developmentOutbox: token<DevelopmentOutbox | undefined>('DevelopmentOutbox'),
  refreshTokens: token<RefreshTokenCodec>('RefreshTokenCodec'),
  signingKeyStore: token<SigningKeyStore>('SigningKeyStore'),
  signingKeys: token<SigningKeys>('SigningKeys'),
  accessTokens: token<AccessTokens>('AccessTokens'),
  evidence: token<EvidenceSigner>('EvidenceSigner'),
  storedLog: token<StoredLog>('StoredLog'),
  logCheckpoints: token<LogCheckpoints>('LogCheckpoints'),
  projections: token<ProjectionRebuilder>('ProjectionRebuilder'),
  cleanup: token<ReturnType<typeof createCleanup>>('Cleanup'),
  // the write path
  commands: token<CommandHandler>('CommandHandler'),
  acceptPassword: token<AcceptPassword>('AcceptPassword'),
  takeAsLong: token<TakeAsLong>('TakeAsLong'),
  oneTimeTokens: token<OneTimeTokens>('OneTimeTokens'),
  claimWishedIdentifiers: token<ClaimWishedIdentifiers>('ClaimWishedIdentifiers'),
  prepareAccount: token<PrepareAccount>('PrepareAccount'),
  prepareSession: token<PrepareSession>('PrepareSession'),
  issueTokenPair: token<IssueTokenPair>('IssueTokenPair'),
  revokeTokenFamily: token<RevokeTokenFamily>('RevokeTokenFamily'),
  storeAlongWithSessions: token<StoreAlongWithSessions>('StoreAlongWithSessions'),
  endMembershipsAlongWith: token<EndMembershipsAlongWith>('EndMembershipsAlongWith'),
  openInvitation: token<OpenInvitation>('OpenInvitation'),
  endSessionsAlongWith: token<EndSessionsAlongWith>('EndSessionsAlongWith'),
  // guards
  authenticate: token<Authenticate>('Authenticate'),
  stepUp: token<StepUp>('StepUp'),
  requireAdmin: token<RequireAdmin>('RequireAdmin'),
  keepAnAdmin: token<KeepAnAdmin>('KeepAnAdmin'),
  // use cases
  createAccount: token<CreateAccount>('CreateAccount'),
  importUsers: token<ImportUsers>('ImportUsers'),
  adoptDatabase: token<AdoptDatabase>('AdoptDatabase'),
  adoptionAftermath: token<AdoptionAftermath>('AdoptionAftermath'),
  eraseUser: token<EraseUser>('EraseUser'),
  eraseUnprovenAccounts: token<() => Promise<number>>('EraseUnprovenAccounts'),
  eraseAccount: token<EraseAccount>('EraseAccount'),
  deactivateUser: token<DeactivateUser>('DeactivateUser'),
  reactivateUser: token<ReactivateUser>('ReactivateUser'),
  changeRole: token<ChangeRole>('ChangeRole'),
  changeTier: token<ChangeTier>('ChangeTier'),
  unlockUser: token<UnlockUser>('UnlockUser'),
  revokeAccessToken: token<RevokeAccessToken>('RevokeAccessToken'),
  endSessions: token<EndSessions>('EndSessions'),
  readProfile: token<ReadProfile>('ReadProfile'),
  findBlastRadius: token<FindBlastRadius>('FindBlastRadius'),
  replayTheft: token<ReplayTheft>('ReplayTheft'),
  listThefts: token<ListThefts>('ListThefts'),
  theftReports: token<TheftReports>('TheftReports'),
  proposeUndo: token<ProposeUndo>('ProposeUndo'),
  applyUndo: token<ApplyUndo>('ApplyUndo'),
  readHousehold: token<ReadHousehold>('ReadHousehold'),
  households: token<Households>('Households'),
  householdMembers: token<HouseholdMembers>('HouseholdMembers'),
  acceptInvitation: token<AcceptInvitation>('AcceptInvitation'),
  declineInvitation: token<DeclineInvitation>('DeclineInvitation'),
  readInvitation: token<ReadInvitation>('ReadInvitation'),
  acceptInvitationByMail: token<AcceptInvitationByMail>('AcceptInvitationByMail'),
  invitations: token<Invitations>('Invitations'),
  switchHousehold: token<SwitchHousehold>('SwitchHousehold'),
  registration: token<Registration>('Registration'),
  startGuestSession: token<StartGuestSession>('StartGuestSession'),
  upgradeGuest: token<UpgradeGuest>('UpgradeGuest'),
  signIn: token<SignIn>('SignIn'),
  rotateRefreshToken: token<RotateRefreshToken>('RotateRefreshToken'),
  mailRequests:
    token<
      Readonly<{
        requestEmailVerification: RequestEmailVerification;
        requestPasswordReset: RequestPasswordReset;
      }>
    >('MailRequests'),
  useEmailLink: token<UseEmailLink>('UseEmailLink'),
  resetPassword: token<ResetPassword>('ResetPassword'),
  credentials: token<Credentials>('Credentials'),
  // policies
  sendAccountMails: token<SendAccountMails>('SendAccountMails'),
  keepCheckpoints: token<KeepCheckpoints>('KeepCheckpoints'),
  // household-scoped tables
  householdScope: token<HouseholdScope>('HouseholdScope'),
  checkIsolation: token<CheckIsolation>('CheckIsolation'),
  checkLateReferences: token<() => Promise<void>>('CheckLateReferences'),
  householdTables: token<HouseholdTables>('HouseholdTables'),
  // inbound
  logEvidence: token<LogEvidence>('LogEvidence'),
  audit: token<Audit>('Audit'),
  listCursors: token<ListCursors>('ListCursors'),
  administration: token<Administration>('Administration'),
  oauth: token<OAuth>('OAuth'),
  http: token<HttpDependencies>('HttpDependencies'),
} as const;
