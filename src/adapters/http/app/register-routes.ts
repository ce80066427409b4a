import type { FastifyInstance, onSendAsyncHookHandler } from 'fastify';
import type { ChangeProfile } from '../../../application/accounts/change-profile.ts';
import type { ReadProfile } from '../../../application/accounts/read-profile.ts';
import type { StartGuestSession } from '../../../application/accounts/start-guest-session.ts';
import type { UpgradeGuest } from '../../../application/accounts/upgrade-guest.ts';
import type { RequireAdmin } from '../../../application/administration/require-admin.ts';
import type { RequestEmailVerification } from '../../../application/credentials/request-email-verification.ts';
import type { RequestPasswordReset } from '../../../application/credentials/request-password-reset.ts';
import type { ResetPassword } from '../../../application/credentials/reset-password.ts';
import type { StepUp } from '../../../application/credentials/step-up.ts';
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
import type { AccessChecks } from '../access/enforce-access.ts';
import type { RateLimits } from '../access/rate-limits.ts';
import { type OAuth, oauthRoutes } from '../oauth/oauth-routes.ts';
import { requireResourceServer } from '../oauth/require-resource-server.ts';
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
import type { Metrics } from '../routes/operations/metrics.ts';
import { metricsRoute } from '../routes/operations/metrics-route.ts';
import { endSessionRoutes } from '../routes/sessions/end-session-routes.ts';
import { jwksRoute, type ReadJwks } from '../routes/sessions/jwks-route.ts';
import { listSessionsRoute } from '../routes/sessions/list-sessions-route.ts';
import { refreshTokenRoute } from '../routes/sessions/refresh-token-route.ts';
import { revokeAccessTokenRoute } from '../routes/sessions/revoke-access-token-route.ts';
import { signInRoute } from '../routes/sessions/sign-in-route.ts';

export type RouteDependencies = Readonly<{
  authenticate: Authenticate;
  requireAdmin: RequireAdmin;
  stepUp: StepUp;
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
  /** Undefined where mails are sent for real. */
  listDevelopmentMails: ListDevelopmentMails | undefined;
  oauth: OAuth;
  readJwks: ReadJwks;
  checkReadiness: ReadinessCheck;
  metrics: Metrics;
  publicUrl: string;
}>;

/** Keeps account data out of caches (RFC 6749, 5.1). */
const noStore: onSendAsyncHookHandler = async (_request, reply) => {
  void reply.header('cache-control', 'no-store');
};

/** Collects the checks that enforce the access of routes. */
export const accessChecksOf = (d: RouteDependencies): AccessChecks => ({
  authenticate: d.authenticate,
  requireAdmin: d.requireAdmin,
  readProfile: d.readProfile,
  readHousehold: d.households.readHousehold,
  stepUp: d.stepUp,
  requireResourceServer: requireResourceServer(d.oauth.recogniseResourceServer, d.limits.oauth),
  admitAdministrator: createAdminSession(d).admit,
});

/** Registers every route of the service, each with the access it declares. */
export const registerRoutes = async (app: FastifyInstance, d: RouteDependencies): Promise<void> => {
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
    await signedIn.register(listSessionsRoute(d.listSessions));
    await signedIn.register(endSessionRoutes(d.endSession, d.endSessions));
    await signedIn.register(revokeAccessTokenRoute(d.revokeAccessToken, d.authenticate));
    await signedIn.register(profileRoutes(d.readProfile, d.changeProfile, d.limits));
    await signedIn.register(exportAccountRoute(d.exportAccount, d.limits));
    await signedIn.register(eraseAccountRoute(d.eraseAccount, d.limits));
    await signedIn.register(credentialsRoutes(d.credentials, d.limits));
    await signedIn.register(adminRoutes(d.administration, d.limits));
    await signedIn.register(householdDataRoutes(d.householdTables, d.limits));
    await signedIn.register(householdRoutes(d.households, d.limits));
    await signedIn.register(householdMemberRoutes(d.householdMembers, d.limits));
    await signedIn.register(invitationRoutes(d.invitations, d.limits));
    await signedIn.register(switchHouseholdRoute(d.switchHousehold, d.limits));
    await signedIn.register(upgradeGuestRoute(d.upgradeGuest, d.readProfile, d.limits));
  });
  await app.register(async (pages) => {
    pages.addHook('onSend', noStore);
    await pages.register(adminSignInRoutes(createAdminSession(d), d.limits, d.publicUrl));
    await pages.register(adminPageRoutes(d));
  });
  if (d.listDevelopmentMails) await app.register(developmentMailRoutes(d.listDevelopmentMails));
  await app.register(oauthRoutes(d.oauth, d.limits, d.publicUrl));
  await app.register(jwksRoute(d.readJwks));
  await app.register(healthRoutes(d.checkReadiness));
  await app.register(metricsRoute(d.metrics));
};
