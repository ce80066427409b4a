import helmet from '@fastify/helmet';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, LogController, type onSendAsyncHookHandler } from 'fastify';
import type { ChangeProfile } from '../../../application/accounts/change-profile.ts';
import type { ReadProfile } from '../../../application/accounts/read-profile.ts';
import type { StartGuestSession } from '../../../application/accounts/start-guest-session.ts';
import type { UpgradeGuest } from '../../../application/accounts/upgrade-guest.ts';
import type { RequestEmailVerification } from '../../../application/credentials/request-email-verification.ts';
import type { RequestPasswordReset } from '../../../application/credentials/request-password-reset.ts';
import type { ResetPassword } from '../../../application/credentials/reset-password.ts';
import type { UseEmailLink } from '../../../application/credentials/use-email-link.ts';
import type { EraseAccount } from '../../../application/erasure/erase-account.ts';
import type { ExportAccount } from '../../../application/erasure/export-account.ts';
import type { SwitchHousehold } from '../../../application/households/switch-household.ts';
import type { Authenticate } from '../../../application/sessions/authenticate.ts';
import type { EndSession } from '../../../application/sessions/end-session.ts';
import type { EndSessions } from '../../../application/sessions/end-sessions.ts';
import type { ListSessions } from '../../../application/sessions/list-sessions.ts';
import type { RevokeAccessToken } from '../../../application/sessions/revoke-access-token.ts';
import type { RotateRefreshToken } from '../../../application/sessions/rotate-refresh-token.ts';
import type { SignIn } from '../../../application/sessions/sign-in.ts';
import { createAdminSession } from '../access/admin-session.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { registerClaims, requireAccessToken } from '../access/require-access-token.ts';
import { requireMembership } from '../access/require-membership.ts';
import { type OAuth, oauthRoutes } from '../oauth/oauth-routes.ts';
import { registerProblemDetails } from '../problems/problem-details.ts';
import { guestSessionRoute, upgradeGuestRoute } from '../routes/accounts/guest-routes.ts';
import { profileRoutes } from '../routes/accounts/profile-routes.ts';
import { type Registration, registerUserRoute } from '../routes/accounts/register-user-route.ts';
import { type Administration, adminRoutes } from '../routes/administration/admin-routes.ts';
import { adminSignInRoutes } from '../routes/administration/admin-sign-in-routes.ts';
import { adminPageRoutes } from '../routes/auditing/admin-page-routes.ts';
import { type Credentials, credentialsRoutes } from '../routes/credentials/credentials-routes.ts';
import { emailVerificationRoutes } from '../routes/credentials/email-verification-routes.ts';
import { linkPageRoutes } from '../routes/credentials/link-page-routes.ts';
import { passwordResetRoutes } from '../routes/credentials/password-reset-routes.ts';
import { eraseAccountRoute } from '../routes/erasure/erase-account-route.ts';
import { exportAccountRoute } from '../routes/erasure/export-account-route.ts';
import {
  type HouseholdTables,
  householdDataRoutes,
} from '../routes/household-data/household-data-routes.ts';
import {
  type HouseholdMembers,
  householdMemberRoutes,
} from '../routes/households/household-member-routes.ts';
import { type Households, householdRoutes } from '../routes/households/household-routes.ts';
import {
  type InvitationPages,
  invitationPageRoutes,
} from '../routes/households/invitation-page-routes.ts';
import { type Invitations, invitationRoutes } from '../routes/households/invitation-routes.ts';
import { presentedInvitationRoutes } from '../routes/households/presented-invitation-routes.ts';
import { switchHouseholdRoute } from '../routes/households/switch-household-route.ts';
import {
  developmentMailRoutes,
  type ListDevelopmentMails,
} from '../routes/mail/development-mail-routes.ts';
import { healthRoutes, type ReadinessCheck } from '../routes/operations/health-routes.ts';
import { type Metrics, registerRequestMetrics } from '../routes/operations/metrics.ts';
import { metricsRoute } from '../routes/operations/metrics-route.ts';
import { endSessionRoutes } from '../routes/sessions/end-session-routes.ts';
import { jwksRoute, type ReadJwks } from '../routes/sessions/jwks-route.ts';
import { listSessionsRoute } from '../routes/sessions/list-sessions-route.ts';
import { refreshTokenRoute } from '../routes/sessions/refresh-token-route.ts';
import { revokeAccessTokenRoute } from '../routes/sessions/revoke-access-token-route.ts';
import { signInRoute } from '../routes/sessions/sign-in-route.ts';
import { answerBrokenRequest, refuseUnroutablePath } from './broken-requests.ts';
import { registerJsonBodyParser } from './json-body-parser.ts';
import { registerOpenApi } from './open-api.ts';
import { registerRequestLog } from './request-log.ts';
import {
  type ReachPosition,
  type RequestPositions,
  registerPositions,
} from './request-positions.ts';

export type HttpDependencies = Readonly<{
  authenticate: Authenticate;
  limits: RateLimits;
  registration: Registration;
  startGuestSession: StartGuestSession;
  upgradeGuest: UpgradeGuest;
  signIn: SignIn;
  rotateRefreshToken: RotateRefreshToken;
  listSessions: ListSessions;
  endSession: EndSession;
  endSessions: EndSessions;
  revokeAccessToken: RevokeAccessToken;
  mailRequests: Readonly<{
    requestEmailVerification: RequestEmailVerification;
    requestPasswordReset: RequestPasswordReset;
  }>;
  useEmailLink: UseEmailLink;
  resetPassword: ResetPassword;
  credentials: Credentials;
  administration: Administration;
  eraseAccount: EraseAccount;
  exportAccount: ExportAccount;
  householdTables: HouseholdTables;
  readProfile: ReadProfile;
  changeProfile: ChangeProfile;
  households: Households;
  householdMembers: HouseholdMembers;
  invitations: Invitations;
  invitationPages: InvitationPages;
  switchHousehold: SwitchHousehold;
  /** Undefined where mails are really sent. */
  listDevelopmentMails: ListDevelopmentMails | undefined;
  oauth: OAuth;
  readJwks: ReadJwks;
  checkReadiness: ReadinessCheck;
  metrics: Metrics;
  requestPositions: RequestPositions;
  /** Undefined where the tables can never be behind the log. */
  reachPosition: ReachPosition | undefined;
  newRequestId: () => string;
  logLevel: string;
  /** Addresses or networks whose X-Forwarded-* headers count. */
  trustedProxies: readonly string[];
  publicUrl: string;
}>;

const BODY_LIMIT = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The whole HTTP side: the server process and every test use this one. */
export const createFastifyApp = async (d: HttpDependencies): Promise<FastifyInstance> => {
  const app = fastify({
    logger: { level: d.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: d.newRequestId,
    trustProxy: d.trustedProxies.length === 0 ? false : [...d.trustedProxies],
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: refuseUnroutablePath,
    clientErrorHandler: answerBrokenRequest,
  })
    .setValidatorCompiler(TypeBoxValidatorCompiler)
    .withTypeProvider<TypeBoxTypeProvider>();

  registerProblemDetails(app);
  registerLastAnswers(app);
  registerRequestLog(app);
  registerRequestMetrics(app, d.metrics);
  if (d.reachPosition) registerPositions(app, d.requestPositions, d.reachPosition);
  registerJsonBodyParser(app);
  registerClaims(app);
  // TLS, and whether to insist on it, is the proxy's business.
  await app.register(helmet, {
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  await registerOpenApi(app, d.publicUrl);

  await app.register(async (open) => {
    open.addHook('onSend', noStore);
    await open.register(registerUserRoute(d.registration, d.limits));
    await open.register(signInRoute(d.signIn, d.limits));
    await open.register(guestSessionRoute(d.startGuestSession, d.limits));
    await open.register(
      emailVerificationRoutes(d.mailRequests.requestEmailVerification, d.useEmailLink, d.limits),
    );
    await open.register(
      passwordResetRoutes(d.mailRequests.requestPasswordReset, d.resetPassword, d.limits),
    );
    await open.register(linkPageRoutes(d.useEmailLink, d.resetPassword, d.limits));
    await open.register(refreshTokenRoute(d.rotateRefreshToken));
    await open.register(presentedInvitationRoutes(d.invitationPages, d.limits));
    await open.register(invitationPageRoutes(d.invitationPages, d.limits));
  });
  await app.register(async (signedIn) => {
    signedIn.addHook('onSend', noStore);
    signedIn.addHook('onRequest', requireAccessToken(d.authenticate));
    await signedIn.register(listSessionsRoute(d.listSessions));
    await signedIn.register(endSessionRoutes(d.endSession, d.endSessions));
    await signedIn.register(revokeAccessTokenRoute(d.revokeAccessToken, d.authenticate));
    await signedIn.register(profileRoutes(d.readProfile, d.changeProfile, d.limits));
    await signedIn.register(exportAccountRoute(d.exportAccount, d.limits));
    await signedIn.register(eraseAccountRoute(d.eraseAccount, d.limits));
    await signedIn.register(credentialsRoutes(d.credentials, d.limits));
    await signedIn.register(adminRoutes(d.administration, d.limits));
    await signedIn.register(householdDataRoutes(d.householdTables, d.limits));
    await signedIn.register(async (shared) => {
      shared.addHook('preHandler', requireMembership(d.households.readHousehold));
      await shared.register(householdRoutes(d.households, d.limits));
      await shared.register(householdMemberRoutes(d.householdMembers, d.limits));
      await shared.register(invitationRoutes(d.invitations, d.limits));
    });
    await signedIn.register(switchHouseholdRoute(d.switchHousehold, d.limits));
    await signedIn.register(upgradeGuestRoute(d.upgradeGuest, d.readProfile, d.limits));
  });
  await app.register(async (pages) => {
    pages.addHook('onSend', noStore);
    const session = createAdminSession({ ...d, requireAdmin: d.administration.requireAdmin });
    await pages.register(adminSignInRoutes(session, d.limits, d.publicUrl));
    await pages.register(adminPageRoutes(d, session));
  });
  if (d.listDevelopmentMails) await app.register(developmentMailRoutes(d.listDevelopmentMails));
  await app.register(oauthRoutes(d.oauth, d.limits, d.publicUrl));
  await app.register(jwksRoute(d.readJwks));
  await app.register(healthRoutes(d.checkReadiness));
  await app.register(metricsRoute(d.metrics));
  return app;
};

/** A connection that is busy when the server closes would stay open, and hold it up, for a next request. */
const registerLastAnswers = (app: FastifyInstance): void => {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
};

/** Nothing about an account belongs into a cache (RFC 6749, 5.1). */
const noStore: onSendAsyncHookHandler = async (_request, reply) => {
  void reply.header('cache-control', 'no-store');
};
