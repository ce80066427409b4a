import helmet from '@fastify/helmet';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, LogController, type onSendAsyncHookHandler } from 'fastify';
import type { Authenticate } from '../../application/use-cases/authenticate.ts';
import type { ChangeProfile } from '../../application/use-cases/change-profile.ts';
import type { EndSession } from '../../application/use-cases/end-session.ts';
import type { EndSessions } from '../../application/use-cases/end-sessions.ts';
import type { EraseAccount } from '../../application/use-cases/erase-account.ts';
import type { ExportAccount } from '../../application/use-cases/export-account.ts';
import type { ListSessions } from '../../application/use-cases/list-sessions.ts';
import type { ReadProfile } from '../../application/use-cases/read-profile.ts';
import type { RequestEmailVerification } from '../../application/use-cases/request-email-verification.ts';
import type { RequestPasswordReset } from '../../application/use-cases/request-password-reset.ts';
import type { ResetPassword } from '../../application/use-cases/reset-password.ts';
import type { RevokeAccessToken } from '../../application/use-cases/revoke-access-token.ts';
import type { RotateRefreshToken } from '../../application/use-cases/rotate-refresh-token.ts';
import type { SignIn } from '../../application/use-cases/sign-in.ts';
import type { StartGuestSession } from '../../application/use-cases/start-guest-session.ts';
import type { SwitchHousehold } from '../../application/use-cases/switch-household.ts';
import type { UpgradeGuest } from '../../application/use-cases/upgrade-guest.ts';
import type { UseEmailLink } from '../../application/use-cases/use-email-link.ts';
import { createAdminSession } from './admin-session.ts';
import { answerBrokenRequest, refuseUnroutablePath } from './broken-requests.ts';
import { registerJsonBodyParser } from './json-body-parser.ts';
import { type Metrics, registerRequestMetrics } from './metrics.ts';
import { type OAuth, oauthRoutes } from './oauth/oauth-routes.ts';
import { registerOpenApi } from './open-api.ts';
import { registerProblemDetails } from './problem-details.ts';
import type { RateLimits } from './rate-limits.ts';
import { registerRequestLog } from './request-log.ts';
import {
  type ReachPosition,
  type RequestPositions,
  registerPositions,
} from './request-positions.ts';
import { registerClaims, requireAccessToken } from './require-access-token.ts';
import { requireMembership } from './require-membership.ts';
import { adminPageRoutes } from './routes/admin-page-routes.ts';
import { type Administration, adminRoutes } from './routes/admin-routes.ts';
import { adminSignInRoutes } from './routes/admin-sign-in-routes.ts';
import { type Credentials, credentialsRoutes } from './routes/credentials-routes.ts';
import {
  developmentMailRoutes,
  type ListDevelopmentMails,
} from './routes/development-mail-routes.ts';
import { emailVerificationRoutes } from './routes/email-verification-routes.ts';
import { endSessionRoutes } from './routes/end-session-routes.ts';
import { eraseAccountRoute } from './routes/erase-account-route.ts';
import { exportAccountRoute } from './routes/export-account-route.ts';
import { guestSessionRoute, upgradeGuestRoute } from './routes/guest-routes.ts';
import { healthRoutes, type ReadinessCheck } from './routes/health-routes.ts';
import { type HouseholdTables, householdDataRoutes } from './routes/household-data-routes.ts';
import { type HouseholdMembers, householdMemberRoutes } from './routes/household-member-routes.ts';
import { type Households, householdRoutes } from './routes/household-routes.ts';
import { type InvitationPages, invitationPageRoutes } from './routes/invitation-page-routes.ts';
import { type Invitations, invitationRoutes } from './routes/invitation-routes.ts';
import { jwksRoute, type ReadJwks } from './routes/jwks-route.ts';
import { linkPageRoutes } from './routes/link-page-routes.ts';
import { listSessionsRoute } from './routes/list-sessions-route.ts';
import { metricsRoute } from './routes/metrics-route.ts';
import { passwordResetRoutes } from './routes/password-reset-routes.ts';
import { presentedInvitationRoutes } from './routes/presented-invitation-routes.ts';
import { profileRoutes } from './routes/profile-routes.ts';
import { refreshTokenRoute } from './routes/refresh-token-route.ts';
import { type Registration, registerUserRoute } from './routes/register-user-route.ts';
import { revokeAccessTokenRoute } from './routes/revoke-access-token-route.ts';
import { signInRoute } from './routes/sign-in-route.ts';
import { switchHouseholdRoute } from './routes/switch-household-route.ts';

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
