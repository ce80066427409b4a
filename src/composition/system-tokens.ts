import type { Audit } from '../adapters/cli/auditing/with-audit.ts';
import type { EventCodec } from '../adapters/event-store/event-codec.ts';
import type { EventStoreDb } from '../adapters/event-store/eventstoredb/eventstoredb.ts';
import type { PostgresLog } from '../adapters/event-store/postgres/postgres-log.ts';
import type { SubjectKeys } from '../adapters/event-store/subject-keys.ts';
import type { CheckIsolation } from '../adapters/household-data/isolation-check.ts';
import type { HttpDependencies } from '../adapters/http/app/fastify-app.ts';
import type { RequestPositions } from '../adapters/http/app/request-positions.ts';
import type { ListCursors } from '../adapters/http/lists/list-cursor.ts';
import type { OAuth } from '../adapters/http/oauth/oauth-routes.ts';
import type { Registration } from '../adapters/http/routes/accounts/register-user-route.ts';
import type { Administration } from '../adapters/http/routes/administration/admin-routes.ts';
import type { Credentials } from '../adapters/http/routes/credentials/credentials-routes.ts';
import type { HouseholdTables } from '../adapters/http/routes/household-data/household-data-routes.ts';
import type { HouseholdMembers } from '../adapters/http/routes/households/household-member-routes.ts';
import type { Households } from '../adapters/http/routes/households/household-routes.ts';
import type { Invitations } from '../adapters/http/routes/households/invitation-routes.ts';
import type { SmtpMailer } from '../adapters/mail/smtp-mailer.ts';
import type { ResourceServerDirectory } from '../adapters/ports/resource-server-directory.ts';
import type { SingleRunner } from '../adapters/ports/single-runner.ts';
import type { Database, Queryable } from '../adapters/postgres/connection/connection.ts';
import type { PostgresInvitationAddresses } from '../adapters/postgres/households/postgres-invitation-directory.ts';
import type { DevelopmentOutbox } from '../adapters/postgres/mail/postgres-development-outbox.ts';
import type { PostgresRateLimiter } from '../adapters/postgres/rate-limits/postgres-rate-limiter.ts';
import type { PostgresAccessTokenDenylist } from '../adapters/postgres/sessions/postgres-access-token-denylist.ts';
import type { createCleanup } from '../adapters/projections/cleanup.ts';
import type { SigningKeyStore } from '../adapters/tokens/signing-key-store.ts';
import type { SigningKeys } from '../adapters/tokens/signing-keys.ts';
import type { CreateAccount } from '../application/accounts/create-account.ts';
import type { ReadProfile } from '../application/accounts/read-profile.ts';
import type { StartGuestSession } from '../application/accounts/start-guest-session.ts';
import type { UpgradeGuest } from '../application/accounts/upgrade-guest.ts';
import type { ChangeRole } from '../application/administration/change-role.ts';
import type { ChangeTier } from '../application/administration/change-tier.ts';
import type { DeactivateUser } from '../application/administration/deactivate-user.ts';
import type { ExclusiveSection } from '../application/administration/exclusive-section.ts';
import type { KeepAnAdmin } from '../application/administration/keep-an-admin.ts';
import type { ReactivateUser } from '../application/administration/reactivate-user.ts';
import type { RequireAdmin } from '../application/administration/require-admin.ts';
import type { UnlockUser } from '../application/administration/unlock-user.ts';
import type { UserAdministrationDirectory } from '../application/administration/user-administration-directory.ts';
import type { AdoptDatabase } from '../application/adopting/adopt-database.ts';
import type { AdoptionFollowUp } from '../application/adopting/adoption-follow-up.ts';
import type { FindBlastRadius } from '../application/auditing/affected-events/find-blast-radius.ts';
import type { AuditDirectory } from '../application/auditing/audit-directory.ts';
import type { EventDirectory } from '../application/auditing/event-directory.ts';
import type { EvidenceSigner } from '../application/auditing/evidence/evidence-signer.ts';
import type { KeepCheckpoints } from '../application/auditing/evidence/keep-checkpoints.ts';
import type { LogCheckpoints } from '../application/auditing/evidence/log-checkpoints.ts';
import type { LogEvidence } from '../application/auditing/evidence/log-evidence.ts';
import type { StoredLog } from '../application/auditing/evidence/stored-log.ts';
import type { Explanations } from '../application/auditing/explanation/explanations.ts';
import type { Histories } from '../application/auditing/history/histories.ts';
import type { ListThefts } from '../application/auditing/theft/list-thefts.ts';
import type { ReplayTheft } from '../application/auditing/theft/replay-theft.ts';
import type { TheftReports } from '../application/auditing/theft/theft-report.ts';
import type { ApplyUndo } from '../application/auditing/undo/apply-undo.ts';
import type { ProposeUndo } from '../application/auditing/undo/propose-undo.ts';
import type { RequestEmailVerification } from '../application/credentials/request-email-verification.ts';
import type { RequestPasswordReset } from '../application/credentials/request-password-reset.ts';
import type { ResetPassword } from '../application/credentials/reset-password.ts';
import type { StepUp } from '../application/credentials/step-up.ts';
import type { UseEmailLink } from '../application/credentials/use-email-link.ts';
import type { EraseAccount } from '../application/erasure/erase-account.ts';
import type { EraseUser } from '../application/erasure/erase-user.ts';
import type { CopyLog } from '../application/event-log/log-copy.ts';
import type { LogLease } from '../application/event-log/log-lease.ts';
import type { HouseholdScope } from '../application/household-data/household-scope.ts';
import type { ReleaseMembers } from '../application/household-data/release-members.ts';
import type { EndMembershipsAlongWith } from '../application/households/end-memberships-along-with.ts';
import type { HouseholdDirectory } from '../application/households/household-directory.ts';
import type { InvitationDirectory } from '../application/households/invitation-directory.ts';
import type { AcceptInvitation } from '../application/households/invitations/accept-invitation.ts';
import type { AcceptInvitationByMail } from '../application/households/invitations/accept-invitation-by-mail.ts';
import type { DeclineInvitation } from '../application/households/invitations/decline-invitation.ts';
import type { OpenInvitation } from '../application/households/invitations/open-invitation.ts';
import type { ReadInvitation } from '../application/households/invitations/read-invitation.ts';
import type { ReadHousehold } from '../application/households/read-household.ts';
import type { SwitchHousehold } from '../application/households/switch-household.ts';
import type { AcceptPassword } from '../application/identity/accept-password.ts';
import type { AccountDirectory } from '../application/identity/account-directory.ts';
import type { AddressHasher } from '../application/identity/address-hasher.ts';
import type { ClaimWishedIdentifiers } from '../application/identity/claim-wished-identifiers.ts';
import type { IdentifierClaims } from '../application/identity/identifier-claims.ts';
import type { IdentifierRegistry } from '../application/identity/identifier-registry.ts';
import type { OneTimeTokenCodec } from '../application/identity/one-time-token-codec.ts';
import type { OneTimeTokenDirectory } from '../application/identity/one-time-token-directory.ts';
import type { OneTimeTokens } from '../application/identity/one-time-tokens.ts';
import type { PasswordBlocklist } from '../application/identity/password-blocklist.ts';
import type { PasswordHasher } from '../application/identity/password-hasher.ts';
import type { PrepareAccount } from '../application/identity/prepare-account.ts';
import type { UserDirectory } from '../application/identity/user-directory.ts';
import type { ImportDirectory } from '../application/importing/import-directory.ts';
import type { ImportUsers } from '../application/importing/import-users.ts';
import type { Clock } from '../application/kernel/clock.ts';
import type { CommandHandler } from '../application/kernel/command-handler.ts';
import type { RespondInConstantTime } from '../application/kernel/constant-time-response.ts';
import type { EventStore } from '../application/kernel/event-store.ts';
import type { IdGenerator } from '../application/kernel/id-generator.ts';
import type { Pause } from '../application/kernel/pause.ts';
import type { MailQueue } from '../application/mail/mail-queue.ts';
import type { SendAccountMails } from '../application/mail/send-account-mails.ts';
import type { ProjectionRebuilder } from '../application/projections/projection-rebuilder.ts';
import type { OpenRebuildSource } from '../application/projections/rebuild-source.ts';
import type { AccessTokens } from '../application/sessions/access-tokens.ts';
import type { Authenticate } from '../application/sessions/authenticate.ts';
import type { EndSessions } from '../application/sessions/end-sessions.ts';
import type { EndSessionsAlongWith } from '../application/sessions/end-sessions-along-with.ts';
import type { PrepareSession } from '../application/sessions/prepare-session.ts';
import type { RefreshContextLoader } from '../application/sessions/refresh-context-loader.ts';
import type { RefreshTokenCodec } from '../application/sessions/refresh-token-codec.ts';
import type { RevokeAccessToken } from '../application/sessions/revoke-access-token.ts';
import type { RevokeTokenFamily } from '../application/sessions/revoke-token-family.ts';
import type { RotateRefreshToken } from '../application/sessions/rotate-refresh-token.ts';
import type { SessionDirectory } from '../application/sessions/session-directory.ts';
import type { SignIn } from '../application/sessions/sign-in.ts';
import type { StoreAlongWithSessions } from '../application/sessions/store-along-with-sessions.ts';
import type { IssueTokenPair } from '../application/sessions/token-pair.ts';

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
  logLease: token<LogLease>('LogHold'),
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
  respondInConstantTime: token<RespondInConstantTime>('TakeAsLong'),
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
  adoptionFollowUp: token<AdoptionFollowUp>('AdoptionAftermath'),
  eraseUser: token<EraseUser>('EraseUser'),
  eraseUnverifiedAccounts: token<() => Promise<number>>('EraseUnprovenAccounts'),
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
